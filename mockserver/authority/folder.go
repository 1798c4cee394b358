package authority

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// File returns the file in a folder that has the certificate of the authority, for
// clients to trust.
func File(folder string) string { return filepath.Join(folder, "authority.pem") }

// keyFile returns the file that has the certificate and its key. It alone decides: the
// other file is a copy without the key.
func keyFile(folder string) string { return filepath.Join(folder, "authority-key.pem") }

// Open returns the authority that is kept in a folder. The first one to open it makes
// it, also of several that do at the same time.
func Open(folder string) (*Authority, error) {
	a, err := read(folder)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(folder); err == nil {
			a, err = read(folder)
		}
	}
	if err != nil {
		return nil, err
	}
	return a, a.publish(folder)
}

// read reads the authority of a folder. The error is [fs.ErrNotExist] if it has none.
func read(folder string) (*Authority, error) {
	text, err := os.ReadFile(keyFile(folder))
	if errors.Is(err, fs.ErrNotExist) {
		if _, lone := os.Stat(File(folder)); lone == nil {
			return nil, fmt.Errorf("%s has lost its key, %s: put the key back, or remove the certificate: the next start makes both anew, for clients to trust", File(folder), keyFile(folder))
		}
	}
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(text, text)
	if err == nil && !pair.Leaf.IsCA {
		err = errors.New("its certificate is not that of an authority")
	}
	if err == nil && time.Now().After(pair.Leaf.NotAfter) {
		err = fmt.Errorf("it has expired on %s", pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	if err != nil {
		return nil, fmt.Errorf("the authority of %s can't be used: %w: remove it and %s: the next start makes both anew, for clients to trust", keyFile(folder), err, File(folder))
	}
	return &Authority{pair.Leaf, pair.PrivateKey.(crypto.Signer)}, nil
}

// create makes the authority of a folder, unless another program just has.
func create(folder string) error {
	a, err := New()
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return err
	}
	// Other users may read the certificate, as in the container of a client.
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	text := append(a.pem(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	return written(folder, text, 0o600, func(temporary string) error {
		if err := os.Link(temporary, keyFile(folder)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
}

// publish keeps the file of the certificate the same as the one of the key.
func (a *Authority) publish(folder string) error {
	text, err := os.ReadFile(File(folder))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return written(folder, a.pem(), 0o644, func(temporary string) error { return os.Rename(temporary, File(folder)) })
	case err != nil:
		return err
	case !bytes.Equal(text, a.pem()):
		return fmt.Errorf("%s is not the certificate of %s: remove it: the next start makes it anew, for clients to trust", File(folder), keyFile(folder))
	default:
		return nil
	}
}

// pem returns the certificate as the text of a file.
func (a *Authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw})
}

// written writes a temporary file in a folder, gives it its place by a function, and
// removes what is left of it.
func written(folder string, text []byte, mode fs.FileMode, place func(temporary string) error) error {
	file, err := os.CreateTemp(folder, ".authority-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	if err := errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return err
	}
	return place(file.Name())
}
