// How we know the API server, and show it who we are: OpenSSL's side of an ApiConfig.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "k8s/api/config.h"

namespace ballast::k8s {

// Sets up a client's context: TLS 1.2 at least, the authorities that are trusted, the name that the
// certificate must carry (among its subject alternative names; a common name does not count) and
// that the server is asked for, as one of several behind an address, our own certificate and key.
// The error names the file, or the origin of what stands in it.
policy::Result<bool> SetUpTls(const ApiConfig& config, const std::string& host, SSL_CTX* context);

}  // namespace ballast::k8s
