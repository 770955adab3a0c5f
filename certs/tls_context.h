// What a TLS server is set up with: certificate, key, the floor of versions, and whom it asks to
// show a certificate. Immutable once made, so it is swapped by swapping the pointer: connections
// that began with the old one go on with it.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "certs/certificate.h"
#include "policy/result.h"

namespace ballast::certs {

class TlsContext {
 public:
  // `client_authority_pem` empty: clients show no certificate. Otherwise who shows none signed by
  // it does not get past the handshake. Fails where a PEM text is not readable or key and
  // certificate do not belong together; validity in time is not judged here.
  static policy::Result<std::shared_ptr<const TlsContext>> Make(
      std::string_view certificate_pem, std::string_view key_pem,
      std::string_view client_authority_pem = {});

  // A new connection's state; null when memory ran out.
  SSL* NewConnection() const { return SSL_new(context_.get()); }
  const CertificateInfo& certificate() const { return certificate_; }

 private:
  TlsContext() = default;

  std::shared_ptr<SSL_CTX> context_;
  CertificateInfo certificate_;
};

// Whether key and certificate are readable and belong together.
policy::Result<bool> CheckPair(std::string_view certificate_pem, std::string_view key_pem);

}  // namespace ballast::certs
