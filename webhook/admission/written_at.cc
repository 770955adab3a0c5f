#include "webhook/admission/written_at.h"

#include <algorithm>
#include <string_view>

#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

int64_t MomentAt(k8s::JsonView object, std::string_view key) {
  const auto moment = ReadMoment(object[key].string().value_or(std::string_view()));
  return moment.ok() ? *moment : 0;
}

}  // namespace

int64_t WrittenAt(k8s::JsonView metadata) {
  int64_t latest = MomentAt(metadata, "creationTimestamp");
  metadata["managedFields"].ForEachElement([&](k8s::JsonView entry) {
    if (!entry["subresource"].string().value_or(std::string_view()).empty()) return;
    if (!entry["fieldsV1"]["f:spec"].exists()) return;
    latest = std::max(latest, MomentAt(entry, "time"));
  });
  return latest;
}

}  // namespace ballast::webhook
