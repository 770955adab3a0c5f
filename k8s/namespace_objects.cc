#include "k8s/namespace_objects.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "k8s/kinds/field.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using policy::Amounts;
using policy::LimitRangeItem;
using policy::Requirement;
using policy::Result;

// A quota or a range names few; what is beyond this is kept by nobody.
constexpr size_t kMostAmounts = 256;

std::string Text(JsonView value) { return std::string(value.string().value_or("")); }

// A map of resources to quantities; `unit` names the resource whose unit they have, empty: each its
// own.
void ReadAmounts(JsonView map, const std::string& pointer, std::string_view unit, Amounts& amounts,
                 Mistake& mistake) {
  map.ForEachMember([&](std::string_view resource, JsonView quantity) {
    if (amounts.size() >= kMostAmounts) return;
    const auto text = quantity.string();
    const auto amount =
        policy::ParseAmount(unit.empty() ? resource : unit, text ? *text : Quoted(quantity));
    if (amount.ok()) {
      amounts.insert_or_assign(std::string(resource), *amount);
      return;
    }
    std::string where = pointer;
    AppendToken(where, resource);
    mistake.Add(std::move(where), amount.error().what);
  });
}

std::optional<Requirement::Operator> ReadOperator(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Requirement::Operator>, 4> kOperators = {{
      {"In", Requirement::Operator::kIn},
      {"NotIn", Requirement::Operator::kNotIn},
      {"Exists", Requirement::Operator::kExists},
      {"DoesNotExist", Requirement::Operator::kDoesNotExist},
  }};
  for (const auto& [name, op] : kOperators) {
    if (name == text) return op;
  }
  return std::nullopt;
}

void ReadScopes(JsonView spec, std::vector<Requirement>& scopes, Mistake& mistake) {
  spec["scopes"].ForEachElement([&](JsonView scope) {
    scopes.push_back({Text(scope), Requirement::Operator::kExists, {}});
  });
  spec["scopeSelector"]["matchExpressions"].ForEachElement([&](JsonView expression) {
    const auto op = ReadOperator(Text(expression["operator"]));
    if (!op) {
      mistake.Add("/spec/scopeSelector/matchExpressions",
                  "operator must be In, NotIn, Exists or DoesNotExist, not " +
                      Quoted(expression["operator"]));
      return;
    }
    Requirement requirement{Text(expression["scopeName"]), *op, {}};
    expression["values"].ForEachElement(
        [&](JsonView value) { requirement.values.push_back(Text(value)); });
    scopes.push_back(std::move(requirement));
  });
}

std::optional<LimitRangeItem::Type> ReadType(std::string_view text) {
  if (text == "Container") return LimitRangeItem::Type::kContainer;
  if (text == "Pod") return LimitRangeItem::Type::kPod;
  if (text == "PersistentVolumeClaim") return LimitRangeItem::Type::kPersistentVolumeClaim;
  return std::nullopt;
}

// What the API server fills in when it stores a LimitRange; a file may come from before that.
void CompleteDefaults(LimitRangeItem& item) {
  if (item.type != LimitRangeItem::Type::kContainer) return;
  item.default_limits.insert(item.max.begin(), item.max.end());
  item.default_requests.insert(item.default_limits.begin(), item.default_limits.end());
  item.default_requests.insert(item.min.begin(), item.min.end());
}

template <typename T>
void AddByName(std::vector<T>& all, T one) {
  const auto at =
      std::lower_bound(all.begin(), all.end(), one.name,
                       [](const T& a, const std::string& name) { return a.name < name; });
  if (at != all.end() && at->name == one.name) {
    *at = std::move(one);
  } else {
    all.insert(at, std::move(one));
  }
}

}  // namespace

Result<policy::ResourceQuota> ReadResourceQuota(JsonView object) {
  policy::ResourceQuota quota;
  Mistake mistake;
  quota.name = Text(object["metadata"]["name"]);
  const bool counted = object["status"]["hard"].is_object();
  const std::string_view parent = counted ? "/status/hard" : "/spec/hard";
  ReadAmounts(object.At(parent), std::string(parent), "", quota.hard, mistake);
  ReadAmounts(object["status"]["used"], "/status/used", "", quota.used, mistake);
  ReadScopes(object["spec"], quota.scopes, mistake);
  if (mistake.first()) return *mistake.first();
  return quota;
}

Result<policy::LimitRange> ReadLimitRange(JsonView object) {
  policy::LimitRange range;
  Mistake mistake;
  range.name = Text(object["metadata"]["name"]);
  size_t index = 0;
  object["spec"]["limits"].ForEachElement([&](JsonView limit) {
    const std::string pointer = "/spec/limits/" + std::to_string(index++);
    const auto type = ReadType(Text(limit["type"]));
    if (!type) return;
    LimitRangeItem item;
    item.type = *type;
    const auto read = [&](const char* name, std::string_view unit, Amounts& amounts) {
      ReadAmounts(limit[name], pointer + "/" + name, unit, amounts, mistake);
    };
    read("min", "", item.min);
    read("max", "", item.max);
    read("default", "", item.default_limits);
    read("defaultRequest", "", item.default_requests);
    read("maxLimitRequestRatio", "cpu", item.max_limit_request_ratio);  // in thousandths, as cpu
    CompleteDefaults(item);
    range.items.push_back(std::move(item));
  });
  if (mistake.first()) return *mistake.first();
  return range;
}

policy::Labels ReadObjectLabels(JsonView object) {
  policy::Labels labels;
  object["metadata"]["labels"].ForEachMember([&](std::string_view key, JsonView value) {
    if (const auto text = value.string()) labels.insert_or_assign(std::string(key), *text);
  });
  return labels;
}

Result<bool> NamespaceCollector::Add(std::string_view kind, JsonView object) {
  if (kind == "Namespace") {
    states_[Text(object["metadata"]["name"])].labels = ReadObjectLabels(object);
    return true;
  }
  if (kind != "ResourceQuota" && kind != "LimitRange") return false;
  std::string name = Text(object["metadata"]["namespace"]);
  if (name.empty()) name = "default";
  if (kind == "ResourceQuota") {
    auto quota = ReadResourceQuota(object);
    if (!quota) return quota.error();
    AddByName(states_[name].quotas, *std::move(quota));
  } else {
    auto range = ReadLimitRange(object);
    if (!range) return range.error();
    AddByName(states_[name].limit_ranges, *std::move(range));
  }
  return true;
}

policy::NamespaceStates NamespaceCollector::Take() && {
  policy::NamespaceStates states;
  for (auto& [name, state] : states_) {
    states.emplace(name, std::make_shared<const policy::NamespaceState>(std::move(state)));
  }
  states_.clear();
  return states;
}

}  // namespace ballast::k8s
