#include "webhook/operator/unjudged.h"

#include "k8s/api/list.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

// Twice what another replica waits before it takes a Lease that is not renewed.
constexpr int64_t kLongestHandOver = 30;
constexpr const char* kDrivers = "/api/v1/pods?labelSelector=spark-role%3Ddriver";

// "2026-11-21T10:15:30.000000Z", to the second.
std::optional<int64_t> SecondsOf(std::string_view moment) {
  const size_t fraction = moment.find('.');
  const std::string whole = fraction == std::string_view::npos
                                ? std::string(moment)
                                : std::string(moment.substr(0, fraction)) + "Z";
  const auto seconds = ReadMoment(whole);
  if (!seconds.ok()) return std::nullopt;
  return *seconds;
}

}  // namespace

std::optional<Absence> AbsenceBefore(std::string_view renewed, int64_t started) {
  const auto last = SecondsOf(renewed);
  if (!last || started - *last <= kLongestHandOver) return std::nullopt;
  return Absence{*last, started};
}

k8s::ApiResult<int64_t> CountDrivers(k8s::ApiClient& client, const Absence& absence,
                                     const std::stop_token& stop) {
  int64_t count = 0;
  k8s::ListOptions options;
  options.metadata_only = true;
  const auto listed = k8s::ListAll(
      client, kDrivers,
      [&](k8s::JsonView pod) {
        const auto created = SecondsOf(pod["metadata"]["creationTimestamp"].string().value_or(""));
        if (created && *created > absence.from && *created < absence.to) ++count;
      },
      options, stop);
  if (!listed) return listed.error();
  return count;
}

}  // namespace ballast::webhook
