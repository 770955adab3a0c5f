// Labels, selectors, taints and tolerations, with Kubernetes' meaning.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::policy {

using Labels = std::map<std::string, std::string, std::less<>>;

// One requirement of a label selector or of a node selector term.
struct Requirement {
  enum class Operator { kIn, kNotIn, kExists, kDoesNotExist, kGt, kLt };
  std::string key;
  Operator op = Operator::kIn;
  std::vector<std::string> values;

  bool operator==(const Requirement&) const = default;
};
bool Matches(const Requirement& requirement, const Labels& labels);

// metav1.LabelSelector: all requirements hold; an empty one matches everything.
struct LabelSelector {
  std::vector<Requirement> requirements;  // matchLabels are kIn with one value

  bool empty() const { return requirements.empty(); }
  bool operator==(const LabelSelector&) const = default;
};
bool Matches(const LabelSelector& selector, const Labels& labels);

struct Taint {
  std::string key;
  std::string value;
  std::string effect;  // NoSchedule, PreferNoSchedule, NoExecute

  auto operator<=>(const Taint&) const = default;
};

struct Toleration {
  std::string key;           // empty with Exists: tolerates everything
  std::string op = "Equal";  // Equal or Exists
  std::string value;
  std::string effect;  // empty: every effect

  bool operator==(const Toleration&) const = default;
};
// Only taints that keep a new pod off a node count (NoSchedule and NoExecute).
bool Tolerates(const std::vector<Toleration>& tolerations, const std::vector<Taint>& taints);

}  // namespace ballast::policy
