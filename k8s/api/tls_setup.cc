#include "k8s/api/tls_setup.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

namespace ballast::k8s {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

BioPtr ReadFrom(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

// Nobody is there to type a password.
int NoPassword(char*, int, int, void*) { return 0; }

CertificatePtr NextCertificate(BIO* bio) {
  return {PEM_read_bio_X509(bio, nullptr, &NoPassword, nullptr), &X509_free};
}

std::string WhereOf(const Credential& credential, const ApiConfig& config) {
  return credential.text.empty() ? credential.file.string() : config.origin;
}

bool IsAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

policy::Result<bool> Trust(const ApiConfig& config, SSL_CTX* context) {
  if (config.authority.empty()) return true;  // the library takes the system's
  const auto pem = config.authority.Read();
  if (!pem) return pem.error();
  X509_STORE* store = X509_STORE_new();
  const BioPtr bio = ReadFrom(*pem);
  int trusted = 0;
  for (CertificatePtr authority = NextCertificate(bio.get()); authority != nullptr;
       authority = NextCertificate(bio.get())) {
    trusted += X509_STORE_add_cert(store, authority.get());
  }
  SSL_CTX_set_cert_store(context, store);  // owns it now
  if (trusted > 0) return true;
  return policy::Error{WhereOf(config.authority, config),
                       "holds no certificate of an authority in PEM"};
}

policy::Result<bool> ShowWhoWeAre(const ApiConfig& config, SSL_CTX* context) {
  if (config.client_certificate.empty()) return true;
  const auto chain = config.client_certificate.Read();
  if (!chain) return chain.error();
  const auto key_pem = config.client_key.Read();
  if (!key_pem) return key_pem.error();
  const BioPtr certificates = ReadFrom(*chain);
  const CertificatePtr own = NextCertificate(certificates.get());
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) {
    return policy::Error{WhereOf(config.client_certificate, config),
                         "holds no client certificate in PEM"};
  }
  for (CertificatePtr next = NextCertificate(certificates.get()); next != nullptr;
       next = NextCertificate(certificates.get())) {
    SSL_CTX_add1_chain_cert(context, next.get());
  }
  const BioPtr key_bio = ReadFrom(*key_pem);
  const KeyPtr key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, &NoPassword, nullptr),
                   &EVP_PKEY_free);
  if (key == nullptr || SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return policy::Error{WhereOf(config.client_key, config),
                         "holds no private key in PEM without a password that belongs to the "
                         "client certificate"};
  }
  return true;
}

void ExpectName(const std::string& name, SSL_CTX* context) {
  X509_VERIFY_PARAM* expected = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(
      expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (IsAddress(name)) {
    X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size());
  }
}

// The library asks for the host that it connects to, and has no other name set. Before the first
// byte leaves, the name that the certificate must carry takes its place.
void AskForExpectedName(const SSL* connection, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_START) == 0) return;
  // OpenSSL shows callbacks a connection that may not be changed; this is about its next message.
  auto* ssl = const_cast<SSL*>(connection);
  char* name = X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl), 0);
  if (name == nullptr) return;  // an address is no name to ask for
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);
}

}  // namespace

policy::Result<bool> SetUpTls(const ApiConfig& config, const std::string& host, SSL_CTX* context) {
  if (context == nullptr) return policy::Error{config.origin, "TLS cannot be set up"};
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  const bool named = !config.tls_server_name.empty();
  ExpectName(named ? config.tls_server_name : host, context);
  if (named) SSL_CTX_set_info_callback(context, &AskForExpectedName);
  if (config.verify_certificate) {
    auto trusted = Trust(config, context);
    if (!trusted) return trusted;
  }
  auto shown = ShowWhoWeAre(config, context);
  ERR_clear_error();
  return shown;
}

}  // namespace ballast::k8s
