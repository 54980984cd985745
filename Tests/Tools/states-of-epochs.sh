#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# states-of-epochs.sh: what audit-states.sh makes of manifests and of what follows what; it is read by that.

successions() {
    (make second first; next -20)
    (make third second; next -10; acknowledge -9 alice bob carol)
    (make after-restore first; backup --occasion after-restore --at "$(day -20)" -i olga.identity
     sign --at "$(day -20)" -i omar.identity)
    (make rotated first; ca-escrow rotate open acme.escrow --officers '2 of (olga, oscar, otto)' --card oscar.card \
        -i olga.identity --at "$(day -20)" --yes
     sign -i oscar.identity --confirm oscar; sign -i otto.identity --confirm oscar
     ca-escrow show --allowed-signers oscar.card otto.card >new.signers
     audits --signers officers.signers; audits --signers new.signers)
    (make rekeyed first; ca-escrow rekey acme.escrow -i bob.identity --card new/bob.card --at "$(day -20)" --yes
     sign -i olga.identity --confirm bob; sign -i omar.identity --confirm bob)
    (make rekeyed-alone rekeyed; rm acme.escrow/0002-*/manifest.json.bob.sig)
    (make by-custodians first; forge -20 "m['approval'] = {'officers': [{'key': load(n + '.card')['signingKey'],
        'name': n} for n in ('mallory', 'oscar')], 'threshold': 2}" mallory oscar alice bob
     ca-escrow show --allowed-signers mallory.card oscar.card >new.signers
     audits --signers officers.signers; audits --signers new.signers)
    (make by-one-custodian by-custodians; rm acme.escrow/0002-*/manifest.json.bob.sig; audits --signers officers.signers)
    (make dated-back second; forge -25 "$(rotation otto)" olga omar otto)
    (make retired first; forge -20 "m['retired'] = True" olga omar)
    (make after-the-end retired; forge -10 "m.pop('retired'); $(rotation otto)" olga omar)
    (make renewed first
     openssl req -x509 -key ca/private/cakey.pem -out renewed.crt -subj '/CN=Acme Root CA' -days 3999
     ca-escrow add-certificate acme.escrow renewed.crt -i olga.identity --at "$(day -20)" --yes
     sed 's/ namespaces.*ssh-/ namespaces="ca-escrow-manifest-v1" ssh-/' officers.signers >manifest.signers
     sed "1s/namespaces/valid-before=\"$(date -u -d '-25 days' +%Y%m%dZ)\",&/" officers.signers >ended.signers
     echo "--signers officers.signers --certificate renewed.crt" >options)
    (make renewed-and-approved renewed; sign -i omar.identity --at "$(day -20)"
     sed "s/namespaces/valid-before=\"$(date -u -d '-5 days' +%Y%m%dZ)\",&/" officers.signers >left.signers
     ca-escrow show --allowed-signers olga.card omar.card otto.card oscar.card mallory.card >five.signers
     for file in officers manifest ended left five; do echo "--signers $file.signers --certificate renewed.crt"; done >options
     echo "--certificate renewed.crt" >>options; audits --signers manifest.signers)
    (make renewed-and-dealt-anew renewed-and-approved; next -10
     echo "--signers officers.signers --certificate renewed.crt" >options)
    (make renewed-and-rotated renewed-and-approved
     ca-escrow rotate open acme.escrow --officers '2 of (olga, omar)' -i olga.identity --at "$(day -10)" --yes
     sign -i omar.identity
     for crt in renewed.crt ca/cacert.pem; do echo "--signers officers.signers --certificate $crt"; done >options)
}

broken_rules() { # S1 to S4, each broken by officers who have signed
    (make officer-s-other-key first; forge -20 "m['approval']['officers'][1]['key'] = load('new/omar.card')['signingKey']" \
        olga otto omar)
    (make officer-s-other-key-by-a-stranger first
     forge -20 "m['approval']['officers'][1]['key'] = load('new/omar.card')['signingKey']" new/omar mallory)
    (make officer-returns-with-another-key first; forge -20 "$(rotation omar)" olga omar otto
     forge -10 "m['approval'] = {'officers': [{'key': load(f)['signingKey'], 'name': load(f)['name']}
        for f in ('olga.card', 'new/omar.card', 'otto.card')], 'threshold': 2}" olga otto)
    (make officer-and-custodian first; forge -20 "m['approval']['officers'].insert(0, {'name': 'alice',
        'key': load('mallory.card')['signingKey']})" olga omar)
    (make first-officer-and-custodian first; forge_first "m['approval']['officers'].insert(0, {'name': 'alice',
        'key': load('mallory.card')['signingKey']})" olga omar)
    (make first-sealed-later first; forge_first "m['shares'][0]['sealedIn'] = 2" olga omar)
    (make first-title-invisible first; forge_first "m['title'] = chr(0x3164)" olga omar)
    (make first-title-blank first; forge_first "m['title'] = chr(0x2800) + ' '" olga omar)
    (make first-title-of-tomorrow first; forge_first "m['title'] = chr(0x1e4d0)" olga omar)
    (make custodian-s-other-key first; forge -20 "m['people'][1] = card('new/bob.card'); $(box 2)" olga omar)
    (make two-changes first; forge -20 "$(rotation otto); m['people'][1] = card('new/bob.card'); $(box 2)" olga omar otto bob)
    (make no-change first; forge -20 "pass" olga omar)
    (make other-title first; forge -20 "m['title'] = 'another'; $(rotation otto)" olga omar otto)
    (make other-key-file first; forge -20 "m['pkcs12']['sha256'] = 64 * '0'; $(rotation otto)" olga omar otto)
    (make other-state first; forge -20 "m['state'] = {'store': 'openssl-ca',
        'archive': {'name': 'a.tar', 'sha256': 64 * '0', 'size': 9}}; $(rotation otto)" olga omar otto)
    (make rehearsal-of-it first; forge -20 "m['rehearsal'] = True; $(rotation otto)" olga omar otto)
    (make other-box first; forge -20 "$(box 3); $(rotation otto)" olga omar otto)
    (make same-secret first; forge -20 "m['set'] = 32 * '5'; m['pkcs12']['sha256'] = 64 * '0'
[s.update(sealedIn=2) for s in m['shares']]" olga omar)
    (make older-share second; forge -10 "m['set'] = 32 * '5'" olga omar)
    (make first-set-again second; forge -10 "m.update({k: v for k, v in load(glob('acme.escrow/0001-*/manifest.json')[0]
        ).items() if k in ('set', 'policy', 'pkcs12', 'shares')})" olga omar)
}

drafts() {
    (make draft first; backup --occasion scheduled --at "$(day -20)" -i olga.identity)
    (make _other first; backup --occasion scheduled --at "$(day -19)" -i otto.identity --signers officers.signers)
    (make drafts draft; cp -r ../_other/acme.escrow/0002-* acme.escrow; cp ../_other/*.p12 .)
    (make withdrawn draft; ca-escrow withdraw acme.escrow -i olga.identity --yes)
    (make stranger-s first; forge -20 "m['approval'] = {'officers': [{'name': 'mallory',
        'key': load('mallory.card')['signingKey']}], 'threshold': 1}" mallory)
    (make draft-ahead first; backup --occasion scheduled --at "$(day 20)" -i olga.identity)
    (make draft-of-a-draft draft; forge -10 "$(rotation otto)" olga omar otto)
    (make unapproved first; rm acme.escrow/0001-*/manifest.json.omar.sig; audits --signers officers.signers; audits)
    (make unapproved-and-a-stranger unapproved; forge -5 "m['approval'] = {'officers': [{'name': 'mallory',
        'key': load('mallory.card')['signingKey']}], 'threshold': 1}; m['previous']['sha256'] = 64 * '7'" mallory)
    (make unapproved-and-followed unapproved; forge -20 "$(rotation otto)" olga omar)
    (make followed-unapproved second; rm acme.escrow/0001-*/manifest.json.omar.sig)
    (make gap third; rm -r acme.escrow/0002-*)
    (make gap-by-one third; rm -r acme.escrow/0002-*; rm acme.escrow/0003-*/manifest.json.olga.sig)
    (make gap-by-a-stranger third; forge -5 "m['approval'] = {'officers': [{'name': 'mallory',
        'key': load('mallory.card')['signingKey']}], 'threshold': 1}; m['previous']['sha256'] = 64 * '7'" mallory)
    (make unapproved-twice unapproved; cp acme.escrow/README.txt .
     forge.py manifest acme.escrow "m['epoch'] = 1; del m['previous']; m['title'] = 'another'" olga.identity
     mv README.txt acme.escrow)
    (make first-gone second; rm -r acme.escrow/0001-*)
    (make manifest-gone first; rm acme.escrow/0001-*/manifest.json)
    (make older-manifest-gone second; rm acme.escrow/0001-*/manifest.json)
    (make newer-manifest-gone second; rm acme.escrow/0002-*/manifest.json)
    (make high-number first; mkdir acme.escrow/9999-00000000)
    (make high-number-with-file first; mkdir acme.escrow/9999-00000000; touch acme.escrow/9999-00000000/stray)
    (make high-number-with-text first; mkdir acme.escrow/9999-00000000; echo no >acme.escrow/9999-00000000/manifest.json)
    (make high-number-linked first; ln -s /nowhere acme.escrow/9999-00000000)
    (make number-without-digest first; mkdir acme.escrow/0002)
    (make two-escrows first; mkdir ../_two; (cd ../_two && cp -r ../first/{ca,cards,*.identity,*.card} .
        ca-escrow backup acme.escrow --from openssl-ca:ca --policy '2 of (alice, bob, carol)' --officers '1 of (mallory)' \
            --card cards --card mallory.card -i mallory.identity --at "$(day -30)")
     cp -r ../_two/acme.escrow/0001-* acme.escrow
     audits --signers officers.signers; ca-escrow show --allowed-signers mallory.card omar.card olga.card >both.signers
     audits --signers both.signers --require 1)
}

forks() {
    (make _bare first; rm -r acme.escrow/0001-*/receipts)
    (make _left _bare; backup --occasion scheduled --at "$(day -20)" -i olga.identity
     sign --at "$(day -20)" -i omar.identity)
    (make _right _bare; ca-escrow rotate open acme.escrow --officers '2 of (olga, oscar, otto)' --card oscar.card \
        -i otto.identity --at "$(day -20)" --yes --signers officers.signers
     sign -i oscar.identity --confirm oscar; sign -i olga.identity --confirm oscar)
    (make fork _left; cp -r ../_right/acme.escrow/0002-* acme.escrow; digest ../_left/acme.escrow/0002-* >left
     digest ../_right/acme.escrow/0002-* >right
     ca-escrow show --allowed-signers otto.card oscar.card >right.signers
     cat officers.signers right.signers >both.signers
     audits --signers officers.signers; audits --signers right.signers; audits --signers both.signers; audits)
    (make fork-with-receipts fork; cp -r ../first/acme.escrow/0001-*/receipts "$(epoch 1)"
     audits --signers officers.signers; audits --signers both.signers; audits)
    (make void-ahead fork
     record left void "d.update(branch='$(cat right)', created=time(9), officer='olga', reason='r')" olga omar
     audits --signers officers.signers; audits)
    (make void-asked fork; record left void "d.update(branch='$(cat right)', officer='olga', reason='r')" olga
     audits --signers officers.signers)
    (make void void-asked; forge.py sign acme.escrow/0002-"$(cut -c1-8 left)"/records/*.json void omar.identity
     audits --signers officers.signers; audits --signers right.signers; audits --signers both.signers; audits)
    (make void-of-the-other fork; record right void "d.update(branch='$(cat left)', officer='otto', reason='r')" otto oscar
     audits --signers officers.signers; audits --signers right.signers; audits --signers both.signers; audits)
    (make voids void
     record right void "d.update(branch='$(cat left)', officer='otto', reason='r')" otto oscar
     audits --signers officers.signers; audits --signers right.signers; audits --signers both.signers; audits)
    (make void-before-the-fork fork; record first void "d.update(branch='$(cat right)', officer='olga', reason='r')" olga omar
     audits --signers officers.signers; audits)
    (make void-of-oneself fork; record left void "d.update(branch='$(cat left)', officer='olga', reason='r')" olga omar
     audits --signers officers.signers; audits)
    (make fork-of-three void; (make _middle _bare; next -20); cp -r ../_middle/acme.escrow/0002-* acme.escrow; cp ../_middle/*.p12 .
     digest ../_middle/acme.escrow/0002-* >middle; audits)
    (make void-round fork-of-three; record right void "d.update(branch='$(cat middle)', officer='otto', reason='r')" otto oscar
     audits)
    (make void-and-on void; next -10; audits --signers officers.signers; audits --signers both.signers)
    (make void-of-nothing second; record second void \
        "d.update(branch=64 * '3', officer='olga', reason='r')" olga omar)
}
