// What was submitted while no replica was there: it was not judged, since its webhooks fail open,
// and is counted afterwards.
//
// The Lease says when a replica led last. Another one takes over within seconds; so a long gap
// before the new leader started is a time in which nobody answered.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>

#include "k8s/api/api_result.h"
#include "k8s/api/client.h"

namespace ballast::webhook {

// A time without Ballast, in Unix seconds.
struct Absence {
  int64_t from = 0;
  int64_t to = 0;

  bool operator==(const Absence&) const = default;
};

// `renewed` is the time in the Lease that was taken over (empty: it was new), `started` when this
// replica began to answer.
std::optional<Absence> AbsenceBefore(std::string_view renewed, int64_t started);

// The drivers that were made in that time and still exist, of all namespaces. Asks for nothing but
// the metadata of drivers' pods.
k8s::ApiResult<int64_t> CountDrivers(k8s::ApiClient& client, const Absence& absence,
                                     const std::stop_token& stop);

}  // namespace ballast::webhook
