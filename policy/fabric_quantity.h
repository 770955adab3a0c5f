// Kubernetes quantities as the client library inside Spark reads them: Spark puts them into the
// pods with it, and from 4.1 on compares an executor's cpu request with its limit. What the API
// server makes of a quantity is in quantity.h.
//
// Source: io.fabric8.kubernetes.api.model.Quantity of fabric8 5.12 to 7.6.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/result.h"
#include "policy/units.h"

namespace ballast::policy {

// Why the library will not take this text as a quantity; nullopt when it does. It takes a lot:
// "abc" and "1x" pass here and fail at the API server.
std::optional<std::string> FabricRefusal(std::string_view text);

// A quantity in trillionths (1 is 10^12, what is finer is cut off), saturating. The error is what
// the library says when it compares.
Result<Int128> FabricTrillionths(std::string_view text);

}  // namespace ballast::policy
