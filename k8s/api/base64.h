// Base64 (RFC 4648, with padding), as kubeconfigs and Secrets have it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::k8s {

// nullopt: it is none. White space between is ignored.
std::optional<std::string> DecodeBase64(std::string_view text);
std::string EncodeBase64(std::string_view bytes);

}  // namespace ballast::k8s
