#include "webhook/admission/moments.h"

#include <algorithm>
#include <string_view>

#include "k8s/text_at.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;

int64_t MomentAt(JsonView object, std::string_view key) {
  const auto moment = ReadMoment(k8s::TextAt(object, key));
  return moment.ok() ? *moment : 0;
}

// Of Apache's operator, which numbers the states that an application went through.
int64_t DriverRequestedAt(JsonView history) {
  int64_t latest = 0;
  history.ForEachMember([&](std::string_view, JsonView state) {
    if (k8s::TextAt(state, "currentStateSummary") != "DriverRequested") return;
    latest = std::max(latest, MomentAt(state, "lastTransitionTime"));
  });
  return latest;
}

}  // namespace

int64_t WrittenAt(JsonView metadata) {
  int64_t latest = MomentAt(metadata, "creationTimestamp");
  metadata["managedFields"].ForEachElement([&](JsonView entry) {
    if (!k8s::TextAt(entry, "subresource").empty()) return;
    if (!entry["fieldsV1"]["f:spec"].exists()) return;
    latest = std::max(latest, MomentAt(entry, "time"));
  });
  return latest;
}

int64_t SubmittedAt(JsonView application) {
  const JsonView status = application["status"];
  // Counts only submissions that succeeded: one that failed may have been refused by us.
  if (status["executionAttempts"].integer().value_or(0) > 0) {
    return MomentAt(status, "lastSubmissionAttemptTime");
  }
  // A restart may move what was before it into the summary of the attempt.
  return std::max(DriverRequestedAt(status["stateTransitionHistory"]),
                  DriverRequestedAt(status["previousAttemptSummary"]["stateTransitionHistory"]));
}

}  // namespace ballast::webhook
