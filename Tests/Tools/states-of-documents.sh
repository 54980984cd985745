#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# states-of-documents.sh: what audit-states.sh makes of the documents in an epoch, and of who vouches; it is read by that.

suspensions() {
    local why
    (make _thin first; suspend -25 carol died)
    for why in lost left unreachable; do (make "$why" _thin; suspend -20 bob "$why"); done
    (make _lost first; suspend -20 bob lost)
    (make reached unreachable; acknowledge -10 bob)
    (make reached-by-another unreachable; acknowledge -10 carol)
    (make lost-and-reached lost; acknowledge -10 bob)
    (make suspended-ahead first; record first suspension "d.update(because='left', created=time(9), custodian='bob',
        officer='olga')" olga; suspend -9 alice left)
    (make suspended-by-a-stranger first; record first suspension \
        "d.update(because='left', custodian='bob', officer='olga')" mallory; suspend -9 alice left)
    (make reinstating lost; reinstate -15 bob)
    (make reinstated reinstating; sign -i omar.identity --at "$(day -15)")
    (make reinstated-ahead lost; record first reinstatement "d.update(created=time(9), name='bob', officer='olga',
        reason='r', suspensions=[digest('$(grep -l bob acme.escrow/0001-*/records/*.json)')])" olga omar)
    (make reinstated-nobody lost; record first reinstatement \
        "d.update(name='bob', officer='olga', reason='r', suspensions=[64 * '8'])" olga omar)
    (make reached-by-proof unreachable; ca-escrow challenge acme.escrow -i wanda.identity --at "$(day -15)"
     ca-escrow prove acme.escrow -i bob.identity --at "$(day -14)")
    (make reached-too-early unreachable; prove_receipt first "created=time(-25)" bob)
    (make unreachable-and-left-out first; suspend -20 bob unreachable
     confirmed=dave next -10 --policy '2 of (alice, carol, dave)' --card cards --card dave.card
     suspend -9 carol left)
    (make suspended-again reinstated; record first suspension \
        "d.update(because='left', created=time(-10), custodian='bob', officer='otto')" otto)
    (make suspended-again-dated-back reinstated; record first suspension \
        "d.update(because='left', created=time(-18), custodian='bob', officer='otto')" otto)
    (make suspended-again-by-two reinstated; record first suspension \
        "d.update(because='left', created=time(-10), custodian='bob', officer='otto')" otto olga)
    (make suspended-in-the-next _lost; reinstate -15 bob; sign -i omar.identity --at "$(day -15)"; next -12
     suspend -11 carol left
     record second suspension "d.update(because='left', created=time(-10), custodian='bob', officer='otto')" otto)
    (make new-set-without-them _lost; confirmed=dave next -10 --policy '2 of (alice, carol, dave)' --card cards --card dave.card)
    (make lost-is-everywhere new-set-without-them; suspend_in first -19 carol)
    (make given second; suspend_in first -25 bob)
    (make given-before second; suspend_in first -15 bob)
    (make given-after second; suspend -15 bob stolen)
    (make given-to-a-name first; cp new/bob.card cards
     confirmed=bob next -10 --policy '2 of (alice, bob, carol)' --card cards
     record first suspension "d.update(because='left', created=time(-20), custodian='bob', officer='olga')" olga)
    (make rekeyed-while-lost rekeyed; suspend_in first -25 bob)
    (make rekeyed-while-left rekeyed; record first suspension \
        "d.update(because='left', created=time(-25), custodian='bob', officer='olga')" olga)
    (make former-officer rotated; record first suspension "d.update(because='lost', created=time(-10),
        custodian='alice', officer='omar')" omar; suspend -9 bob died otto; audits --signers new.signers)
    (make former-officer-before rotated; record first suspension "d.update(because='lost', created=time(-25),
        custodian='alice', officer='omar')" omar; suspend -9 bob died otto; audits --signers new.signers)
}

dates() {
    audits_at() { echo "--signers officers.signers --certificate ca/cacert.pem --at $(day "$1")" >>options; }
    (make ahead first; audits_at -31; audits_at -29)
    (make older-ahead first; forge -40 "$(rotation otto)" olga omar otto; audits_at -35; audits_at -45)
    (make newer-ahead second; audits_at -25)
    (make only-receipt-ahead first; rm acme.escrow/0001-*/receipts/bob*; acknowledge 20 bob)
    (make receipt-ahead first; acknowledge 20 bob)
    (make receipt-too-early first; prove_receipt first "created=time(-40)" bob)
    (make restored-early first; ca-escrow restore acme.escrow --at "$(day -40)" --override clock --reason r \
        --to pem:n.key,n.crt --plain-key --certificate ca/cacert.pem --signers officers.signers -i alice.identity -i bob.identity)
    (make restored first; restored "custodians=['bob', 'alice'], created=time(-20)")
    (make restored-ahead first; restored "custodians=['bob', 'alice'], created=time(9)")
    (make restored-by-few first; restored "custodians=['bob'], created=time(-20)")
    (make restored-by-one-twice first; restored "custodians=['bob', 'bob'], created=time(-20)")
    (make restored-by-an-officer first; restored "custodians=['bob', 'olga'], created=time(-20)")
    (make restored-by-one-more first; restored "custodians=['bob', 'alice', 'dave'], created=time(-20)")
    (make restored-too-early first; restored "custodians=['bob', 'alice'], created=time(-40)")
    (make certificate-ahead renewed; record first added-certificate "d.update(created=time(9))" olga omar
     rm "$(echo acme.escrow/0001-*/records/*-added-*.json | cut -d' ' -f1)"*
     for crt in renewed.crt ca/cacert.pem; do echo "--signers officers.signers --certificate $crt"; done >options)
    (make challenged first; ca-escrow challenge acme.escrow -i wanda.identity --at "$(day -20)"
     for name in alice bob carol; do ca-escrow prove acme.escrow -i $name.identity --at "$(day -19)"; done)
    (make challenged-again-ahead challenged; ca-escrow challenge acme.escrow -i wanda.identity --at "$(day 20)")
    (make challenged-by-a-stranger challenged; ca-escrow challenge acme.escrow -i mallory.identity --at "$(day -10)")
    (make challenged-twice challenged; ca-escrow challenge acme.escrow -i wanda.identity --at "$(day -10)")
}

anchors() {
    (make anchors first
     ca-escrow show --allowed-signers olga.card omar.card otto.card oscar.card mallory.card >five.signers
     ca-escrow show --allowed-signers --require 3 olga.card omar.card otto.card >three.signers
     ca-escrow show --allowed-signers olga.card >olga.signers
     ca-escrow show --allowed-signers olga.card omar.card new/omar.card >two-keys.signers
     ca-escrow show --allowed-signers olga.card otto.card new/omar.card >other-key.signers
     sed "s/namespaces=/valid-before=\"$(date -u -d '-5 days' +%Y%m%dZ)\",&/" officers.signers >ended.signers
     sed "s/namespaces=/valid-before=\"$(date -u -d '-40 days' +%Y%m%dZ)\",&/" officers.signers >early.signers
     sed "2s/namespaces=/valid-before=\"$(date -u -d '-5 days' +%Y%m%dZ)\",&/" five.signers >one-ended.signers
     sed "s/namespaces=/valid-after=\"$(date -u -d '-5 days' +%Y%m%dZ)\",&/" officers.signers >late.signers
     sed '1s/ namespaces=[^ ]*//' officers.signers >open.signers
     for file in two wrong above early twice spaced; do cp five.signers $file-demand.signers; done
     sed -i '1i # ca-escrow: require 2' two-demand.signers
     sed -i '1i # ca-escrow: require two' wrong-demand.signers
     sed -i '1i ## CA-Escrow: require 2' above-demand.signers
     sed -i '1i # ca-escrow: require 1001' early-demand.signers
     sed -i -e '1i # ca-escrow: require 2' -e '2i # ca-escrow: require 2' twice-demand.signers
     sed -i '1i # ca-escrow: require 2 ' spaced-demand.signers
     audits; audits --signers five.signers; audits --signers five.signers --require 2
     audits --signers five.signers --require 3; audits --signers officers.signers --require 1
     for file in *.signers; do test "$file" = officers.signers || audits --signers "$file"; done
     audits --signers olga.signers --require 1; audits --signers three.signers --require 2)
    (make stamped anchors; authority
     ca-escrow stamp acme.escrow --out .
     for name in olga omar; do
         openssl ts -reply -config tsa.cnf -queryfile ./*-$name.tsq -out $name.tsr
         ca-escrow stamp acme.escrow --reply $name.tsr --tsa tsaca.pem
     done
     sed "s/namespaces=/valid-before=\"$(date -u -d '+5 days' +%Y%m%dZ)\",&/" officers.signers >ending.signers
     audits --signers officers.signers; audits --signers officers.signers --tsa tsaca.pem
     for when in "$(day 10)" "$(day 90)"; do
         for tsa in tsaca.pem other.pem; do audits --signers ending.signers --tsa $tsa --at "$when"; done
     done
     audits --signers ending.signers --at "$(day 10)"; audits --signers ended.signers --tsa tsaca.pem)
    (make stamped-once stamped; rm acme.escrow/0001-*/*omar.sig.tsr
     audits --signers ending.signers --tsa tsaca.pem --at "$(day 10)"
     audits --signers ending.signers --tsa tsaca.pem --at "$(day 10)" --require 1)
    (make stamp-of-another stamped; cp acme.escrow/0001-*/*olga.sig.tsr "$(epoch 1)/manifest.json.omar.sig.tsr"
     audits --signers officers.signers --tsa tsaca.pem; audits --signers ending.signers --tsa tsaca.pem --at "$(day 10)")
    (make stamp-alone stamped; cp acme.escrow/0001-*/*olga.sig.tsr "$(epoch 1)/manifest.json.otto.sig.tsr")
    (make stamp-broken stamped; echo no >"$(epoch 1)/manifest.json.omar.sig.tsr")
    (make signed-by-a-stranger first; forge.py sign "$(epoch 1)/manifest.json" manifest mallory.identity)
    (make signed-badly first; cp acme.escrow/0001-*/*olga.sig "$(epoch 1)/manifest.json.otto.sig")
}
authority() { # that stamps, and another one that has not
    printf '[tsa]\ndefault_tsa = a\n[a]\nserial = tsaserial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256
default_policy = 1.2.3.4\ndigests = sha256\n[certificate]\nextendedKeyUsage = critical,timeStamping\n' >tsa.cnf
    echo 01 >tsaserial
    for name in tsaca other; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.pem -subj /CN=$name \
            -days 30
    done
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TSA
    openssl x509 -req -in tsa.csr -CA tsaca.pem -CAkey tsaca.key -CAcreateserial -extfile tsa.cnf -extensions certificate \
        -out tsa.pem -days 30
}

requests() {
    (make requested first; echo 'a long passphrase' >pass
     ca-escrow request acme.escrow --purpose p --destination d --key k.key -i olga.identity --passphrase-file request=pass \
        --at "$(day -20)"
     sign -i omar.identity --at "$(day -20)")
    (make refused requested; ca-escrow refuse acme.escrow --reason r -i carol.identity --at "$(day -19)")
    (make request-ahead requested
     record first request "d.update(created=time(8), notBefore=time(8), expires=time(9))" olga omar)
    (make refusal-unsigned refused; rm acme.escrow/0001-*/refusals/*.sig)
    (make refusal-orphaned refused; rm acme.escrow/0001-*/refusals/*.json)
    (make refusal-empty refused; truncate -s 0 acme.escrow/0001-*/refusals/*.json)
    (make refusal-directory refused; mkdir "$(fake_refusal)")
    (make refusal-link refused; ln -s /nowhere "$(fake_refusal)")
    (make refusal-of-nothing refused; rm acme.escrow/0001-*/requests/*)
    (make refusal-note refused; touch "$(epoch 1)/refusals/note.txt")
    (make refusals-linked requested; ln -s /nowhere "$(epoch 1)/refusals")
    (make refusals-a-file requested; touch "$(epoch 1)/refusals")
    (make refusal-ahead requested; forge.py document "$(epoch 1)" refusal "d.update(created=time(9), name='carol', reason='r',
        request=digest('acme.escrow/0001-*/requests/*.json'))" carol.identity)
    (make overridden refused; override "digest('acme.escrow/0001-*/refusals/*.json')" olga omar)
    (make overridden-unsigned refusal-unsigned; override "digest('acme.escrow/0001-*/refusals/*.json')" olga omar)
    (make overridden-orphan refusal-orphaned; override "digest('acme.escrow/0001-*/refusals/*.sig')" olga omar)
    (make overridden-by-one refused; override "digest('acme.escrow/0001-*/refusals/*.json')" olga)
    (make overridden-for-another refused; override "digest('acme.escrow/0001-*/refusals/*.json')" omar otto)
    (make refused-by-an-officer requested; ca-escrow refuse acme.escrow --reason r -i otto.identity --at "$(day -19)")
    (make overridden-ahead refused; record first override "d.update(code='veto', created=time(9), officer='olga', reason='r',
        refusals=[digest('acme.escrow/0001-*/refusals/*.json')], request=digest('acme.escrow/0001-*/requests/*.json'))" olga omar)
    (make overridden-of-another refused
     record first request "d.update(created=time(-18), notBefore=time(-18), expires=time(-17), purpose='q')" olga omar
     record first override "d.update(code='veto', officer='olga', reason='r',
        refusals=[digest('acme.escrow/0001-*/refusals/*.json')], request=max(map(digest, glob(
        'acme.escrow/0001-*/requests/*.json')), key=lambda r: not glob('acme.escrow/0001-*/refusals/*-' + r[:32] + '-*')))" \
        olga omar)
    (make overridden-nothing refused; override "64 * '0'" olga omar)
}
fake_refusal() { # where bob would refuse the request
    echo "$(epoch 1)/refusals/bob-$(basename acme.escrow/0001-*/requests/*.json .json | cut -c6-)-$(printf '%032d' 0).json"
}
override() { # STATEMENT IDENTITY…
    record first override "d.update(code='veto', officer='olga', reason='r', refusals=[$1],
        request=digest('acme.escrow/0001-*/requests/*.json'))" "${@:2}"
}

receipts() {
    (make unknown-receipt first; prove_receipt first "manifest=64 * '7', created=time(-10)" bob)
    (make unknown-receipt-and-a-later-one unknown-receipt; acknowledge -5 bob)
    (make unknown-receipt-and-an-earlier-one unknown-receipt; acknowledge -15 bob)
    (make unknown-receipt-before second; prove_receipt first "manifest=64 * '7', created=time(-10)" bob)
    (make equivocation first; equivocate olga)
    (make equivocation-and-a-later-receipt equivocation; acknowledge -5 bob)
    (make equivocation-of-a-stranger first; equivocate mallory)
    (make equivocation-in-two first; equivocate olga; next -5)
    (make receipt-in-the-wrong-place rekeyed; mkdir -p "$(epoch 2)/receipts"
     cp acme.escrow/0001-*/receipts/carol* "$(epoch 2)/receipts")
    (make receipt-of-a-draft-s-number first; forge -20 "$(rotation otto)" olga
     prove_receipt first "manifest='$(digest "$(epoch 2)")', created=time(-10)" bob)
    (make receipt-of-a-stranger-s-number first; forge -20 "$(rotation otto)" mallory
     prove_receipt first "manifest='$(digest "$(epoch 2)")', created=time(-10)" bob)
    for folder in rotations reshares acceptances; do
        (make "reserved-$folder" first; mkdir "$(epoch 1)/$folder"; echo '{}' >"$(epoch 1)/$folder/alice.json")
        (make "reserved-$folder-empty" first; mkdir "$(epoch 1)/$folder")
        (make "reserved-$folder-file" first; echo no >"$(epoch 1)/$folder")
    done
    (make empty-directories first; mkdir "$(epoch 1)"/{proofs,requests,refusals})
    (make empty-unknown-directory first; mkdir "$(epoch 1)/other")
    (make clutter first; touch "$(epoch 1)"/{.DS_Store,._manifest.json,receipts/desktop.ini,records-} acme.escrow/.gitignore
     rm "$(epoch 1)/records-"; mkdir acme.escrow/.git "$(epoch 1)/.gitdir")
    (make clutter-that-is-secret first; cp acme-*.p12 "$(epoch 1)/receipts/Thumbs.db")
    (make clutter-with-an-identity first; cp bob.identity "$(epoch 1)/receipts/._bob")
    (make endorsed first; record first endorsement pass olga; touch "$(echo acme.escrow/0001-*/records/*.json).casig")
    (make endorsed-by-none endorsed; rm acme.escrow/0001-*/records/*.json)
    (make receipt-by-another first; forge.py sign "$(echo acme.escrow/0001-*/receipts/bob*.json)" receipt alice.identity)
    for folder in receipts challenges proofs records cards; do
        (make $folder-linked challenged; suspend -9 bob lost; mv "$(epoch 1)/$folder" gone; ln -s /nowhere "$(epoch 1)/$folder")
    done
    (make older-receipts-linked second; rm -r acme.escrow/0001-*/receipts; ln -s /nowhere "$(epoch 1)/receipts")
    (make receipt-left-half first; touch "$(epoch 1)/receipts/.bob.x.partial")
    (make older-receipt-broken second; echo no >"$(echo acme.escrow/0001-*/receipts/bob-*.json)")
}
unreadable() { # run both auditors by unprivileged.sh
    local part
    for part in cards receipts challenges proofs records requests releases refusals; do
        (make "unreadable-$part" overridden; cp -rn ../challenged/acme.escrow .; mkdir -p "$(epoch 1)/releases"
         chmod 0 "$(epoch 1)/$part")
    done
    for part in receipts/bob records/ requests/olga refusals/carol; do
        (make "unreadable-one-of-${part%/*}" overridden; chmod 0 acme.escrow/0001-*/"$part"*.json)
    done
    (make unreadable-manifest second; chmod 0 acme.escrow/0002-*/manifest.json)
    (make unreadable-older-manifest second; chmod 0 acme.escrow/0001-*/manifest.json)
    (make unreadable-epoch second; chmod 0 acme.escrow/0002-*)
    (make unreadable-older-epoch second; chmod 0 acme.escrow/0001-*)
    (make unreadable-draft draft; chmod 0 acme.escrow/0002-*)
    (make unreadable-readme first; chmod 0 acme.escrow/README.txt)
    (make unreadable-key-file first; chmod 0 acme-*.p12)
    (make unreadable-added renewed-and-approved; chmod 0 acme.escrow/0001-*/records; audits --signers officers.signers
     echo "--signers officers.signers --certificate renewed.crt" >>options)
    (make unreadable-suspension lost; chmod 0 acme.escrow/0001-*/records)
}
equivocate() { # OFFICER: bob was shown another first manifest, which this person has signed
    cp acme.escrow/README.txt .
    forge.py manifest acme.escrow "m['epoch'] = 1; del m['previous']; m['title'] = 'another'" "$1.identity" >other
    mv README.txt acme.escrow
    prove_receipt first "manifest='$(digest "$(cat other)")', created=time(-10)" bob
}
