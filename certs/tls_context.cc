#include "certs/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certs/openssl_ptr.h"

namespace ballast::certs {
namespace {

using policy::Error;
using policy::Result;

// TLS 1.2 only with forward secrecy and authenticated encryption; 1.3 has nothing else.
constexpr const char* kTls12Ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
// AES-128 first: on every processor that a cluster runs on it is the cheapest.
constexpr const char* kTls13Ciphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

// The API server speaks HTTP/1.1 to webhooks; h2 is declined by choosing http/1.1.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_length,
                   const unsigned char* in, unsigned int in_length, void*) {
  static const unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, kHttp11, sizeof(kHttp11) - 1, in, in_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void Configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kTls12Ciphers);
  SSL_CTX_set_ciphersuites(context, kTls13Ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // No resumption: API servers keep connections, and a session of a client whose certificate or
  // authority was since replaced must not live on.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  // Idle connections hold no buffers; a record is read in one system call.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
}

Result<bool> UsePair(SSL_CTX* context, std::string_view certificate_pem, std::string_view key_pem) {
  const BioPtr bio = ReadFrom(certificate_pem);
  const CertificatePtr leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (leaf == nullptr) return Error{"", "no readable certificate: " + TakeOpenSslError()};
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1) {
    return Error{"", "certificate not usable: " + TakeOpenSslError()};
  }
  // The rest of the file are intermediate certificates, which are sent along.
  while (true) {
    CertificatePtr next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (next == nullptr) break;
    // The context owns it then.
    if (SSL_CTX_add0_chain_cert(context, next.get()) == 1) static_cast<void>(next.release());
  }
  ERR_clear_error();
  const KeyPtr key(
      PEM_read_bio_PrivateKey(ReadFrom(key_pem).get(), nullptr, nullptr, const_cast<char*>("")));
  if (key == nullptr) return Error{"", "no readable private key: " + TakeOpenSslError()};
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    TakeOpenSslError();
    return Error{"", "the private key does not belong to the certificate"};
  }
  return true;
}

Result<bool> TrustClients(SSL_CTX* context, std::string_view authority_pem) {
  const BioPtr bio = ReadFrom(authority_pem);
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  int trusted = 0;
  while (true) {
    const CertificatePtr authority(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (authority == nullptr) break;
    if (X509_STORE_add_cert(store, authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1) {
      return Error{"", "client authority not usable: " + TakeOpenSslError()};
    }
    ++trusted;
  }
  if (trusted == 0) return Error{"", "no readable client authority: " + TakeOpenSslError()};
  ERR_clear_error();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return true;
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::Make(std::string_view certificate_pem,
                                                           std::string_view key_pem,
                                                           std::string_view client_authority_pem) {
  const auto described = Describe(certificate_pem);
  if (!described.ok()) return described.error();
  std::shared_ptr<TlsContext> made(new TlsContext);
  made->certificate_ = described->front();
  made->context_.reset(SSL_CTX_new(TLS_server_method()), OpenSslDeleter());
  if (made->context_ == nullptr) return Error{"", "no TLS context: " + TakeOpenSslError()};
  Configure(made->context_.get());
  const auto used = UsePair(made->context_.get(), certificate_pem, key_pem);
  if (!used.ok()) return used.error();
  if (!client_authority_pem.empty()) {
    const auto trusted = TrustClients(made->context_.get(), client_authority_pem);
    if (!trusted.ok()) return trusted.error();
  }
  return std::shared_ptr<const TlsContext>(std::move(made));
}

Result<bool> CheckPair(std::string_view certificate_pem, std::string_view key_pem) {
  const auto made = TlsContext::Make(certificate_pem, key_pem);
  if (!made.ok()) return made.error();
  return true;
}

}  // namespace ballast::certs
