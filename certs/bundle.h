// Several authorities in one PEM text: what a client trusts. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::certs {

// The authorities of the text, each as a PEM text of its own, in order and none twice. What is no
// readable certificate of an authority is left out.
std::vector<std::string> SplitBundle(std::string_view pem);

// Whether the bundle holds every authority of the other one.
bool HoldsAll(std::string_view bundle, std::string_view wanted);

// Whether this authority signed that certificate (the first of its text). Times are not looked at.
bool SignedBy(std::string_view certificate_pem, std::string_view authority_pem);

// Whether some authority of the bundle that is valid at this time signed the certificate.
bool TrustedAt(std::string_view certificate_pem, std::string_view bundle, int64_t now);

}  // namespace ballast::certs
