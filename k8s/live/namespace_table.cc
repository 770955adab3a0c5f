#include "k8s/live/namespace_table.h"

#include <utility>

#include "k8s/namespace_objects.h"

namespace ballast::k8s {
namespace {

policy::NamespaceState StateOf(const policy::Labels& labels,
                               const std::map<std::string, policy::ResourceQuota>& quotas,
                               const std::map<std::string, policy::LimitRange>& limit_ranges) {
  policy::NamespaceState state;
  state.labels = labels;
  for (const auto& [name, quota] : quotas) state.quotas.push_back(quota);
  for (const auto& [name, range] : limit_ranges) state.limit_ranges.push_back(range);
  return state;
}

// Puts `value` into `place`; whether that changed anything.
template <typename Place, typename T>
bool Set(Place& place, const std::string& name, T value) {
  const auto [at, fresh] = place.try_emplace(name);
  if (!fresh && at->second == value) return false;
  at->second = std::move(value);
  return true;
}

}  // namespace

std::pair<std::string, std::string> NamespaceTable::KeyOf(NamespaceObject kind, JsonView object) {
  const JsonView metadata = object["metadata"];
  std::string name(metadata["name"].string().value_or(""));
  if (kind == NamespaceObject::kNamespace) return {name, name};
  return {std::string(metadata["namespace"].string().value_or("")), std::move(name)};
}

void NamespaceTable::ListBegins(NamespaceObject kind) {
  Missing& missing = MissingOf(kind);
  missing.clear();
  for (const auto& [name_space, entry] : entries_) {
    switch (kind) {
      case NamespaceObject::kNamespace:
        if (entry.labels) missing.emplace(name_space, name_space);
        break;
      case NamespaceObject::kQuota:
        for (const auto& [name, quota] : entry.quotas) missing.emplace(name_space, name);
        break;
      case NamespaceObject::kLimitRange:
        for (const auto& [name, range] : entry.limit_ranges) missing.emplace(name_space, name);
        break;
    }
  }
}

void NamespaceTable::ListEnds(NamespaceObject kind) {
  const Missing missing = std::move(MissingOf(kind));
  MissingOf(kind).clear();
  for (const auto& [name_space, name] : missing) Remove(kind, name_space, name);
}

std::optional<policy::Error> NamespaceTable::Put(NamespaceObject kind, JsonView object) {
  const auto key = KeyOf(kind, object);
  MissingOf(kind).erase(key);
  bool changed = false;
  const auto failed = [&key](const char* what, const policy::Error& error) {
    return policy::Error{std::string(what) + " " + key.second + " of the namespace " + key.first,
                         error.where + ": " + error.what};
  };
  if (kind == NamespaceObject::kNamespace) {
    policy::Labels labels = ReadObjectLabels(object);
    std::optional<policy::Labels>& known = entries_[key.first].labels;
    changed = !known || *known != labels;
    known = std::move(labels);
  } else if (kind == NamespaceObject::kQuota) {
    auto quota = ReadResourceQuota(object);
    if (!quota) return failed("ResourceQuota", quota.error());
    changed = Set(entries_[key.first].quotas, key.second, *std::move(quota));
  } else {
    auto range = ReadLimitRange(object);
    if (!range) return failed("LimitRange", range.error());
    changed = Set(entries_[key.first].limit_ranges, key.second, *std::move(range));
  }
  if (changed) changed_.insert(key.first);
  return std::nullopt;
}

void NamespaceTable::Removed(NamespaceObject kind, JsonView object) {
  const auto [name_space, name] = KeyOf(kind, object);
  MissingOf(kind).erase({name_space, name});
  Remove(kind, name_space, name);
}

void NamespaceTable::Remove(NamespaceObject kind, const std::string& name_space,
                            const std::string& name) {
  const auto found = entries_.find(name_space);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (kind == NamespaceObject::kNamespace) entry.labels.reset();
  if (kind == NamespaceObject::kQuota) entry.quotas.erase(name);
  if (kind == NamespaceObject::kLimitRange) entry.limit_ranges.erase(name);
  changed_.insert(name_space);
  if (entry.empty()) entries_.erase(found);
}

std::shared_ptr<const policy::NamespaceStates> NamespaceTable::States() {
  if (changed_.empty()) return last_;
  auto next = std::make_shared<policy::NamespaceStates>(*last_);
  for (const std::string& name : changed_) {
    const auto found = entries_.find(name);
    if (found == entries_.end() || !found->second.labels) {
      next->erase(name);
      continue;
    }
    const Entry& entry = found->second;
    (*next)[name] = std::make_shared<const policy::NamespaceState>(
        StateOf(*entry.labels, entry.quotas, entry.limit_ranges));
  }
  changed_.clear();
  last_ = std::move(next);
  return last_;
}

}  // namespace ballast::k8s
