// SPDX-License-Identifier: Apache-2.0

// What step-ca does with its files, by smallstep's own packages as Debian has them.
//
//	step-files init PASSWORD      makes the folder that STEPPATH names, as 'step ca init' does
//	step-files issue CSR PASSWORD issues from it, with the key and certificate that config/ca.json names
//	step-files issue CSR PASSWORD KEY CERTIFICATE  the same with these
package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/smallstep/certificates/authority/config"
	"github.com/smallstep/certificates/cas"
	"github.com/smallstep/certificates/cas/apiv1"
	_ "github.com/smallstep/certificates/cas/softcas"
	kms "github.com/smallstep/certificates/kms/apiv1"
	"github.com/smallstep/certificates/kms/softkms"
	"github.com/smallstep/certificates/pki"
	"go.step.sm/crypto/pemutil"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "step-files:", err)
		os.Exit(1)
	}
}

func password(path string) []byte {
	text, err := os.ReadFile(path)
	check(err)
	return bytes.TrimRight(text, "\n")
}

func makeFolder(password []byte) {
	p, err := pki.New(apiv1.Options{Type: apiv1.SoftCAS, IsCreator: true}, pki.WithSSH())
	check(err)
	check(p.GenerateKeyPairs(password))
	root, err := p.GenerateRootCertificate("Acme", "Acme", "Acme", password)
	check(err)
	check(p.GenerateIntermediateCertificate("Acme", "Acme", "Acme", root, password))
	check(p.GenerateSSHSigningKeys(password))
	check(p.Save())
}

func issue(request string, password []byte, key, certificate string) {
	chain, err := pemutil.ReadCertificateBundle(certificate)
	check(err)
	signer, err := (&softkms.SoftKMS{}).CreateSigner(&kms.CreateSignerRequest{SigningKey: key, Password: password})
	check(err)
	authority, err := cas.New(nil, apiv1.Options{Type: apiv1.SoftCAS, CertificateChain: chain, Signer: signer})
	check(err)
	read, err := pemutil.Read(request)
	check(err)
	csr := read.(*x509.CertificateRequest)
	template := &x509.Certificate{Subject: csr.Subject, PublicKey: csr.PublicKey}
	answer, err := authority.CreateCertificate(&apiv1.CreateCertificateRequest{Template: template, CSR: csr, Lifetime: time.Hour})
	check(err)
	check(pem.Encode(os.Stdout, &pem.Block{Type: "CERTIFICATE", Bytes: answer.Certificate.Raw}))
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "init":
		makeFolder(password(os.Args[2]))
	case len(os.Args) == 4 && os.Args[1] == "issue":
		c, err := config.LoadConfiguration(filepath.Join(os.Getenv("STEPPATH"), "config", "ca.json"))
		check(err)
		issue(os.Args[2], password(os.Args[3]), c.IntermediateKey, c.IntermediateCert)
	case len(os.Args) == 6 && os.Args[1] == "issue":
		issue(os.Args[2], password(os.Args[3]), os.Args[4], os.Args[5])
	default:
		fmt.Fprintln(os.Stderr, "usage: step-files init PASSWORD | issue CSR PASSWORD [KEY CERTIFICATE]")
		os.Exit(2)
	}
}
