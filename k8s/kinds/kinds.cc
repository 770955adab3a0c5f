#include <algorithm>

#include "k8s/kinds/apache_spark_application.h"
#include "k8s/kinds/driver_config_map.h"
#include "k8s/kinds/driver_pod.h"
#include "k8s/kinds/executor_pod.h"
#include "k8s/kinds/kind.h"
#include "k8s/kinds/scheduled_spark_application.h"
#include "k8s/kinds/spark_application.h"
#include "k8s/kinds/spark_cluster.h"
#include "k8s/kinds/spark_connect.h"

namespace ballast::k8s {
namespace {

// Every kind that Ballast judges. A new one gets its line here and its resource in the chart.
constexpr const Kind* kKinds[] = {
    &kSparkApplication, &kScheduledSparkApplication,
    &kSparkConnect,     &kApacheSparkApplication,
    &kSparkCluster,     &kDriverPod,
    &kDriverConfigMap,  &kExecutorPod,
};

}  // namespace

std::span<const Kind* const> AllKinds() { return kKinds; }

std::string PluralOf(const Kind& kind) {
  std::string plural;
  for (const char c : kind.kind) {
    plural += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plural + "s";
}

const Kind* FindKind(std::string_view api_version, std::string_view kind, JsonView object) {
  // Kubernetes' own first resources have no group: "v1".
  const size_t slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  const std::string_view group = core ? std::string_view() : api_version.substr(0, slash);
  const std::string_view version = core ? api_version : api_version.substr(slash + 1);
  for (const Kind* known : kKinds) {
    if (known->kind == kind && known->group == group &&
        std::find(known->versions.begin(), known->versions.end(), version) !=
            known->versions.end() &&
        (known->is_one == nullptr || known->is_one(object))) {
      return known;
    }
  }
  return nullptr;
}

const Kind* FindKind(JsonView object) {
  return FindKind(object["apiVersion"].string().value_or(""), object["kind"].string().value_or(""),
                  object);
}

}  // namespace ballast::k8s
