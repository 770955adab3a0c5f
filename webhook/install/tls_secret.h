// The Secret that a cluster's certificates are kept in, as a Keyring.
//
//   tls.crt, tls.key           what is served: all that the serving pods mount
//   ca.crt                     whom clients are to trust; the authority that signs stands first
//   ca.key                     its key
//   next-ca.crt, next-ca.key   the next authority, while there is one
//
// Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "certs/keyring.h"

namespace ballast::webhook {

// Unix seconds, on the Secret.
inline constexpr std::string_view kNextTrustedSince = "ballast.dev/next-authority-trusted-since";

// What is missing, or is no base64, is left out.
certs::Keyring ReadKeyring(const nlohmann::json& secret);

// The Secret with this keyring in the place of the one that it held; all else stays. `secret` is an
// object.
nlohmann::json WithKeyring(nlohmann::json secret, const certs::Keyring& keyring);

}  // namespace ballast::webhook
