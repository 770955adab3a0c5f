// The executors' pods that were marked when they came (ballast.dev/mismatch), and the Events that
// tell of them: one for an application and a reason, however many of its executors are alike. Any
// thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "k8s/json_view.h"
#include "webhook/admission/application_book.h"
#include "webhook/operator/stored_decisions.h"

namespace ballast::webhook {

// The collection of such pods, of whose objects only the metadata is needed.
inline constexpr const char* kMismatchedPods = "/api/v1/pods?labelSelector=ballast.dev%2Fmismatch";

class ExecutorMismatches {
 public:
  // The Event to make about this pod; nullopt where it was told of, or is old: a leader before us
  // told it then. It is about the operator's application where that is known, else about the
  // driver.
  std::optional<DecisionEvent> Tell(k8s::JsonView pod, const ApplicationBook* applications,
                                    int64_t now_seconds);
  void Clear();

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> told_;  // names of Events
};

}  // namespace ballast::webhook
