#include "webhook/snapshot_file/cluster_json.h"

#include <array>
#include <utility>

#include "policy/quantity.h"

namespace ballast::webhook {
namespace {

using nlohmann::ordered_json;
using policy::Amounts;
using policy::LimitRangeItem;
using policy::NamespaceState;
using policy::NodeClass;
using policy::Requirement;

constexpr std::array<std::string_view, 6> kOperators = {"In",           "NotIn", "Exists",
                                                        "DoesNotExist", "Gt",    "Lt"};
constexpr std::array<std::string_view, 3> kItemTypes = {"Container", "Pod",
                                                        "PersistentVolumeClaim"};
constexpr std::string_view kRatio = "cpu";  // ratios are in thousandths, as cpu is

ordered_json PrintAmounts(const Amounts& amounts) {
  ordered_json json = ordered_json::object();
  for (const auto& [resource, amount] : amounts) {
    json[resource] = policy::PrintAmount(resource, amount);
  }
  return json;
}

Amounts ReadAmounts(const JsonPart& part) {
  Amounts amounts;
  part.ForEachMember([&](std::string_view resource, const JsonPart& amount) {
    const auto parse = [&](const std::string& text) { return policy::ParseAmount(resource, text); };
    amounts.emplace(resource, amount.As<int64_t>(parse, 0));
  });
  return amounts;
}

ordered_json PrintRatios(const Amounts& ratios) {
  ordered_json json = ordered_json::object();
  for (const auto& [resource, ratio] : ratios) json[resource] = policy::PrintAmount(kRatio, ratio);
  return json;
}

Amounts ReadRatios(const JsonPart& part) {
  Amounts ratios;
  const auto parse = [](const std::string& text) { return policy::ParseAmount(kRatio, text); };
  part.ForEachMember([&](std::string_view resource, const JsonPart& ratio) {
    ratios.emplace(resource, ratio.As<int64_t>(parse, 0));
  });
  return ratios;
}

// The index of one of these words; the first where it is another, which is a mistake.
template <size_t kSize>
size_t OneOf(const JsonPart& part, const std::array<std::string_view, kSize>& words) {
  const std::string text = part.Text();
  for (size_t i = 0; i < kSize; ++i) {
    if (words[i] == text) return i;
  }
  part.Fail("\"" + text + "\" is not known here");
  return 0;
}

ordered_json PrintClass(const NodeClass& node) {
  ordered_json allocatable = {{"cpu", policy::PrintCpuQuantity(node.allocatable.cpu)},
                              {"memory", policy::PrintMemoryQuantity(node.allocatable.memory)},
                              {"pods", node.allocatable.pods}};
  ordered_json extended = ordered_json::object();
  for (const auto& [resource, count] : node.allocatable.extended) extended[resource] = count;
  ordered_json taints = ordered_json::array();
  for (const policy::Taint& taint : node.taints) {
    taints.push_back({{"key", taint.key}, {"value", taint.value}, {"effect", taint.effect}});
  }
  return {{"name", node.name},
          {"count", node.count},
          {"ready", node.ready},
          {"declared", node.declared},
          {"allocatable", allocatable},
          {"extended", extended},
          {"labels", PrintLabels(node.labels)},
          {"taints", taints}};
}

NodeClass ReadClass(const JsonPart& part) {
  NodeClass node;
  node.name = part["name"].Text();
  node.count = part["count"].Whole();
  node.ready = part["ready"].Whole();
  node.declared = part["declared"].Flag();
  const JsonPart allocatable = part["allocatable"];
  node.allocatable.cpu = allocatable["cpu"].As(policy::ParseCpuQuantity, policy::MilliCpu());
  node.allocatable.memory =
      allocatable["memory"].As(policy::ParseMemoryQuantity, policy::ByteSize());
  node.allocatable.pods = allocatable["pods"].Whole();
  part["extended"].ForEachMember([&](std::string_view resource, const JsonPart& count) {
    node.allocatable.extended.emplace(resource, count.Whole());
  });
  node.labels = ReadLabels(part["labels"]);
  part["taints"].ForEachElement([&](const JsonPart& taint) {
    node.taints.push_back({taint["key"].Text(), taint["value"].Text(), taint["effect"].Text()});
  });
  return node;
}

ordered_json PrintQuota(const policy::ResourceQuota& quota) {
  return {{"name", quota.name},
          {"hard", PrintAmounts(quota.hard)},
          {"used", PrintAmounts(quota.used)},
          {"scopes", PrintRequirements(quota.scopes)}};
}

ordered_json PrintRange(const policy::LimitRange& range) {
  ordered_json items = ordered_json::array();
  for (const LimitRangeItem& item : range.items) {
    items.push_back({{"type", kItemTypes[static_cast<size_t>(item.type)]},
                     {"min", PrintAmounts(item.min)},
                     {"max", PrintAmounts(item.max)},
                     {"default", PrintAmounts(item.default_limits)},
                     {"defaultRequest", PrintAmounts(item.default_requests)},
                     {"maxLimitRequestRatio", PrintRatios(item.max_limit_request_ratio)}});
  }
  return {{"name", range.name}, {"limits", items}};
}

policy::LimitRange ReadRange(const JsonPart& part) {
  policy::LimitRange range;
  range.name = part["name"].Text();
  part["limits"].ForEachElement([&](const JsonPart& item) {
    range.items.push_back({static_cast<LimitRangeItem::Type>(OneOf(item["type"], kItemTypes)),
                           ReadAmounts(item["min"]), ReadAmounts(item["max"]),
                           ReadAmounts(item["default"]), ReadAmounts(item["defaultRequest"]),
                           ReadRatios(item["maxLimitRequestRatio"])});
  });
  return range;
}

}  // namespace

ordered_json PrintLabels(const policy::Labels& labels) {
  ordered_json json = ordered_json::object();
  for (const auto& [key, value] : labels) json[key] = value;
  return json;
}

policy::Labels ReadLabels(const JsonPart& part) {
  policy::Labels labels;
  part.ForEachMember([&](std::string_view key, const JsonPart& value) {
    labels.insert_or_assign(std::string(key), value.Text());
  });
  return labels;
}

ordered_json PrintRequirements(const std::vector<Requirement>& requirements) {
  ordered_json json = ordered_json::array();
  for (const Requirement& requirement : requirements) {
    json.push_back({{"key", requirement.key},
                    {"operator", kOperators[static_cast<size_t>(requirement.op)]},
                    {"values", requirement.values}});
  }
  return json;
}

std::vector<Requirement> ReadRequirements(const JsonPart& part) {
  std::vector<Requirement> requirements;
  part.ForEachElement([&](const JsonPart& one) {
    Requirement requirement;
    requirement.key = one["key"].Text();
    requirement.op = static_cast<Requirement::Operator>(OneOf(one["operator"], kOperators));
    one["values"].ForEachElement(
        [&](const JsonPart& value) { requirement.values.push_back(value.Text()); });
    requirements.push_back(std::move(requirement));
  });
  return requirements;
}

ordered_json PrintCluster(const policy::ClusterCapacity& cluster) {
  if (!cluster.known) return nullptr;
  ordered_json classes = ordered_json::array();
  for (const NodeClass& node : cluster.classes) classes.push_back(PrintClass(node));
  return {{"nodeClasses", classes}, {"perNodeLabels", cluster.per_node_labels}};
}

policy::ClusterCapacity ReadCluster(const JsonPart& part) {
  policy::ClusterCapacity cluster;
  cluster.known = part.exists();
  part["nodeClasses"].ForEachElement(
      [&](const JsonPart& node) { cluster.classes.push_back(ReadClass(node)); });
  part["perNodeLabels"].ForEachElement(
      [&](const JsonPart& label) { cluster.per_node_labels.push_back(label.Text()); });
  return cluster;
}

ordered_json PrintNamespaces(const policy::NamespaceStates& namespaces) {
  ordered_json json = ordered_json::object();
  for (const auto& [name, state] : namespaces) {
    ordered_json quotas = ordered_json::array();
    for (const policy::ResourceQuota& quota : state->quotas) quotas.push_back(PrintQuota(quota));
    ordered_json ranges = ordered_json::array();
    for (const policy::LimitRange& range : state->limit_ranges) ranges.push_back(PrintRange(range));
    json[name] = {{"labels", PrintLabels(state->labels)},
                  {"resourceQuotas", quotas},
                  {"limitRanges", ranges}};
  }
  return json;
}

policy::NamespaceStates ReadNamespaces(const JsonPart& part) {
  policy::NamespaceStates namespaces;
  part.ForEachMember([&](std::string_view name, const JsonPart& one) {
    auto state = std::make_shared<NamespaceState>();
    state->labels = ReadLabels(one["labels"]);
    one["resourceQuotas"].ForEachElement([&](const JsonPart& quota) {
      state->quotas.push_back({quota["name"].Text(), ReadAmounts(quota["hard"]),
                               ReadAmounts(quota["used"]), ReadRequirements(quota["scopes"])});
    });
    one["limitRanges"].ForEachElement(
        [&](const JsonPart& range) { state->limit_ranges.push_back(ReadRange(range)); });
    namespaces.insert_or_assign(std::string(name), std::move(state));
  });
  return namespaces;
}

}  // namespace ballast::webhook
