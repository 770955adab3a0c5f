// Owners for OpenSSL's objects, and its error queue as text. Only certs/ and webhook/ include it.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace ballast::certs {

struct OpenSslDeleter {
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
  void operator()(SSL* p) const { SSL_free(p); }
  void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
};

using BioPtr = std::unique_ptr<BIO, OpenSslDeleter>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslDeleter>;
using CertificatePtr = std::unique_ptr<X509, OpenSslDeleter>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpenSslDeleter>;
using SslPtr = std::unique_ptr<SSL, OpenSslDeleter>;

// The oldest error of this thread's queue in OpenSSL's words; empties the queue.
std::string TakeOpenSslError();

// A read-only BIO over the text, which must outlive it.
BioPtr ReadFrom(std::string_view text);
// Everything that was written to a memory BIO.
std::string TextOf(BIO* bio);

}  // namespace ballast::certs
