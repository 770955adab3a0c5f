// The annotations under ballast.dev/. Users write two: `rewrite` and `rejudge`. Ballast writes
// `original` or `planned`, and `decision`. Any other is nobody's and does not stay. (Pods of
// executors carry others: granted.h, k8s/kinds/executor_pod.h.)
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"

namespace ballast::webhook {

inline constexpr std::string_view kAnnotationPrefix = "ballast.dev/";
inline constexpr std::string_view kOriginal = "ballast.dev/original";
inline constexpr std::string_view kDecision = "ballast.dev/decision";
// What is to be rewritten at the application's submission, in an object that stays as it is
// written.
inline constexpr std::string_view kPlanned = "ballast.dev/planned";
inline constexpr std::string_view kRewrite = "ballast.dev/rewrite";  // "Refuse", else no meaning
inline constexpr std::string_view kRejudge = "ballast.dev/rejudge";  // any new value

// What stands in one object. Views into it.
struct OwnAnnotations {
  bool map = false;  // the object has annotations
  // What only Ballast may write: original, decision and what has no meaning.
  std::map<std::string_view, std::string_view> ours;
  std::string_view rewrite;
  std::string_view rejudge;
  std::string_view last_applied;  // kubectl's own record of what the user wrote

  // Empty where there is none.
  std::string_view original() const;
};
OwnAnnotations ReadAnnotations(k8s::JsonView object);

// Whether two objects carry the same under ballast.dev/.
bool SameOwn(const OwnAnnotations& a, const OwnAnnotations& b);

// Appends the operations after which the object's annotations that only Ballast may write are
// exactly `wanted`.
void AppendAnnotationChanges(k8s::Patch& patch, const OwnAnnotations& present,
                             const std::map<std::string, std::string>& wanted);

}  // namespace ballast::webhook
