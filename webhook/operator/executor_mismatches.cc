#include "webhook/operator/executor_mismatches.h"

#include <memory>
#include <string_view>
#include <utility>

#include "k8s/kinds/executor_pod.h"
#include "k8s/namespace_objects.h"
#include "k8s/text_at.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using k8s::TextAt;

constexpr int64_t kYoungSeconds = 600;
constexpr size_t kMostTold = 100'000;
constexpr size_t kLongestReason = 800;

// The owner of an executor is its driver; of one without, the pod itself is told of.
void NameDriver(k8s::JsonView metadata, DecisionEvent& event) {
  event.api_version = "v1";
  event.kind = "Pod";
  event.object = TextAt(metadata, "name");
  event.uid = TextAt(metadata, "uid");
  metadata["ownerReferences"].ForEachElement([&](k8s::JsonView owner) {
    if (owner["kind"].string() != "Pod") return;
    event.object = TextAt(owner, "name");
    event.uid = TextAt(owner, "uid");
  });
}

void NameApplication(const KnownApplication& application, DecisionEvent& event) {
  event.api_version = application.api_version;
  event.kind = "SparkApplication";
  event.object = application.name;
  event.uid = application.uid;
}

}  // namespace

std::optional<DecisionEvent> ExecutorMismatches::Tell(k8s::JsonView pod,
                                                      const ApplicationBook* applications,
                                                      int64_t now_seconds) {
  const k8s::JsonView metadata = pod["metadata"];
  const auto created = ReadMoment(TextAt(metadata, "creationTimestamp"));
  if (!created.ok() || now_seconds - *created >= kYoungSeconds) return std::nullopt;
  DecisionEvent event;
  event.namespace_name = TextAt(metadata, "namespace");
  NameDriver(metadata, event);
  if (applications != nullptr) {
    const auto application =
        applications->FindFor(event.namespace_name, k8s::ReadObjectLabels(pod));
    if (application) NameApplication(*application, event);
  }
  const std::string why(
      TextAt(metadata["annotations"], k8s::kMismatchKey).substr(0, kLongestReason));
  event.name = EventName(event.object, event.uid, why);
  event.type = "Warning";
  event.reason = "ExecutorMismatch";
  event.action = "Warn";
  event.message =
      "Executors are not what was decided, or what policy and cluster would have: " + why;
  const std::scoped_lock lock(mutex_);
  if (told_.size() >= kMostTold) told_.clear();
  if (!told_.insert(event.name).second) return std::nullopt;
  return event;
}

void ExecutorMismatches::Clear() {
  const std::scoped_lock lock(mutex_);
  told_.clear();
}

}  // namespace ballast::webhook
