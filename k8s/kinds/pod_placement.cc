#include <utility>

#include "k8s/kinds/pod_spec.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using policy::Requirement;

std::optional<Requirement::Operator> OperatorOf(std::string_view name) {
  using Operator = Requirement::Operator;
  static constexpr std::pair<std::string_view, Operator> kNames[] = {
      {"In", Operator::kIn},         {"NotIn", Operator::kNotIn},
      {"Exists", Operator::kExists}, {"DoesNotExist", Operator::kDoesNotExist},
      {"Gt", Operator::kGt},         {"Lt", Operator::kLt},
  };
  for (const auto& [text, op] : kNames) {
    if (text == name) return op;
  }
  return std::nullopt;
}

void NotUnderstood(policy::Placement& placement, std::string_view what) {
  if (placement.not_understood.empty()) placement.not_understood = what;
}

Requirement ReadRequirement(JsonView expression, policy::Placement& placement) {
  Requirement requirement;
  requirement.key = expression["key"].string().value_or("");
  const std::string_view name = expression["operator"].string().value_or("");
  const auto op = OperatorOf(name);
  if (!op) {
    NotUnderstood(placement, "node affinity with the operator \"" + std::string(name) + "\"");
  }
  requirement.op = op.value_or(Requirement::Operator::kIn);
  expression["values"].ForEachElement(
      [&](JsonView value) { requirement.values.emplace_back(value.string().value_or("")); });
  return requirement;
}

bool HasElements(JsonView list) {
  bool any = false;
  list.ForEachElement([&](JsonView) { any = true; });
  return any;
}

std::string TextOf(JsonView map, std::string_view name, const std::string& pointer,
                   Mistake& mistake) {
  const JsonView value = map[name];
  if (!value.exists() || value.is_null()) return {};
  if (const auto text = value.string()) return std::string(*text);
  MustBeText(pointer + "/" + std::string(name), name, value, mistake);
  return {};
}

}  // namespace

void ReadLabels(JsonView map, const std::string& pointer, policy::Labels& labels,
                Mistake& mistake) {
  if (!map.exists() || map.is_null()) return;
  if (!map.is_object()) mistake.Add(pointer, "must be a map, not " + Quoted(map));
  map.ForEachMember([&](std::string_view key, JsonView value) {
    if (const auto text = value.string()) {
      labels.insert_or_assign(std::string(key), std::string(*text));
      return;
    }
    std::string where = pointer;
    AppendToken(where, key);
    MustBeText(std::move(where), key, value, mistake);
  });
}

void ReadTolerations(JsonView list, const std::string& pointer,
                     std::vector<policy::Toleration>& tolerations, Mistake& mistake) {
  if (!list.exists() || list.is_null()) return;
  if (!list.is_array()) mistake.Add(pointer, "must be a list, not " + Quoted(list));
  size_t index = 0;
  list.ForEachElement([&](JsonView element) {
    const std::string at = pointer + "/" + std::to_string(index++);
    policy::Toleration toleration;
    toleration.key = TextOf(element, "key", at, mistake);
    if (!element["operator"].string().value_or("").empty()) {
      toleration.op = TextOf(element, "operator", at, mistake);
    }
    toleration.value = TextOf(element, "value", at, mistake);
    toleration.effect = TextOf(element, "effect", at, mistake);
    tolerations.push_back(std::move(toleration));
  });
}

void ReadQuotaScopes(JsonView pod_spec, JsonView affinity, policy::PodExtras& extras) {
  extras.priority_class = pod_spec["priorityClassName"].string().value_or("");
  extras.has_deadline = pod_spec["activeDeadlineSeconds"].integer().value_or(-1) >= 0;
  const auto look_at = [&](JsonView term) {
    bool named = false;
    term["namespaces"].ForEachElement([&](JsonView) { named = true; });
    extras.cross_namespace_affinity =
        extras.cross_namespace_affinity || named || term["namespaceSelector"].is_object();
  };
  for (const std::string_view kind : {"podAffinity", "podAntiAffinity"}) {
    affinity[kind]["requiredDuringSchedulingIgnoredDuringExecution"].ForEachElement(look_at);
    affinity[kind]["preferredDuringSchedulingIgnoredDuringExecution"].ForEachElement(
        [&](JsonView weighted) { look_at(weighted["podAffinityTerm"]); });
  }
}

void ReadAffinity(JsonView affinity, const std::string& pointer, policy::Placement& placement,
                  Mistake& mistake) {
  constexpr std::string_view kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
  if (!affinity.exists() || affinity.is_null()) return;
  if (!affinity.is_object()) mistake.Add(pointer, "must be an object, not " + Quoted(affinity));
  const JsonView required = affinity["nodeAffinity"][kRequired];
  required["nodeSelectorTerms"].ForEachElement([&](JsonView term) {
    if (HasElements(term["matchFields"])) NotUnderstood(placement, "node affinity by field");
    std::vector<Requirement> requirements;
    term["matchExpressions"].ForEachElement([&](JsonView expression) {
      requirements.push_back(ReadRequirement(expression, placement));
    });
    // A term without requirements matches no node, so it adds nothing to the others.
    if (!requirements.empty()) placement.affinity_terms.push_back(std::move(requirements));
  });
  if (required.is_object() && placement.affinity_terms.empty()) {
    NotUnderstood(placement, "required node affinity without a term");
  }
  for (const std::string_view kind : {"podAffinity", "podAntiAffinity"}) {
    if (HasElements(affinity[kind][kRequired])) {
      NotUnderstood(placement, "required " + std::string(kind));
    }
  }
}

void ReadPlacement(JsonView pod_spec, const std::string& pointer, policy::Placement& placement,
                   Mistake& mistake) {
  ReadLabels(pod_spec["nodeSelector"], pointer + "/nodeSelector", placement.node_selector, mistake);
  placement.node_name = pod_spec["nodeName"].string().value_or("");
  ReadTolerations(pod_spec["tolerations"], pointer + "/tolerations", placement.tolerations,
                  mistake);
  pod_spec["topologySpreadConstraints"].ForEachElement([&](JsonView constraint) {
    if (constraint["whenUnsatisfiable"].string() == "DoNotSchedule") {
      NotUnderstood(placement, "a topology spread constraint");
    }
  });
}

}  // namespace ballast::k8s
