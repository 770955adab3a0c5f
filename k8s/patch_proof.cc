#include <algorithm>
#include <string>
#include <string_view>

#include "k8s/overlay.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

// A tilde stands for nothing but "~0" and "~1".
bool IsPointer(std::string_view path) {
  for (size_t i = path.find('~'); i != std::string_view::npos; i = path.find('~', i + 1)) {
    if (i + 1 == path.size() || (path[i + 1] != '0' && path[i + 1] != '1')) return false;
  }
  return path.starts_with('/');
}

// Only a value of the kind's list may be changed, and only where nothing is may an object be made
// to hold one.
bool Allowed(const Kind& kind, JsonView object, const PatchOperation& operation) {
  if (operation.op != "add" && operation.op != "replace" && operation.op != "remove") return false;
  if (!IsPointer(operation.path)) return false;
  if (kind.may_patch(operation.path)) return !operation.value.is_structured();
  if (std::ranges::find(kind.may_make, operation.path) == kind.may_make.end()) return false;
  const JsonView there = object.At(operation.path);
  return operation.op == "add" && operation.value.is_object() && operation.value.empty() &&
         (!there.exists() || there.is_null());
}

// Whether the path leads through a list, which an overlay cannot show changed.
bool LeadsThroughList(JsonView object, std::string_view path) {
  for (JsonView at = object; !path.empty() && at.exists();) {
    if (at.is_array()) return true;
    path.remove_prefix(1);  // the '/'
    const size_t end = std::min(path.find('/'), path.size());
    at = at[UnescapeToken(path.substr(0, end))];
    path.remove_prefix(end);
  }
  return false;
}

std::string FirstDifference(const policy::Workload& wanted, const policy::Workload& got) {
  const auto differences = policy::SparkConf::Difference(wanted.conf, got.conf);
  if (differences.empty()) return "the patched object differs in what is not a setting";
  return "the patched object differs in " + differences.front().key;
}

// Whether the settings that the patch touches say all that is to be known of the patched object.
// No: the whole object has to be read.
bool TouchedSettingsProve(const Kind& kind, JsonView patched, const Patch& patch,
                          const policy::Workload& before, const policy::Workload& after,
                          const ReadOptions& options) {
  if (kind.touched == nullptr || !SameButSettings(before, after)) return false;
  const auto keys = kind.touched->named(patch);
  if (!keys) return false;
  const auto read = kind.touched->read(patched, options, *keys);
  if (!read.ok()) return false;
  bool same = std::ranges::all_of(
      *keys, [&](const std::string& key) { return read->Get(key) == after.conf.Get(key); });
  read->ForEach([&](std::string_view key, std::string_view value) {
    same = same && after.conf.Get(key) == value;
  });
  // What the patch does not touch is as it was.
  return same && std::ranges::all_of(policy::SparkConf::Difference(before.conf, after.conf),
                                     [&](const policy::SettingChange& change) {
                                       return std::ranges::find(*keys, change.key) != keys->end();
                                     });
}

// Applies the patch to a copy of the whole object.
policy::Result<bool> ProveOnCopy(const Kind& kind, JsonView object, const Patch& patch,
                                 const policy::Workload& after, const ReadOptions& options) {
  for (const PatchOperation& operation : patch) {
    if (!Allowed(kind, object, operation)) {
      return policy::Error{operation.path, "must never be patched (" + operation.op + ")"};
    }
  }
  const policy::Result<json> patched = ApplyPatch(object.Copy(), patch);
  if (!patched) return patched.error();
  const auto workload = kind.normalise(JsonView(*patched), options);
  if (!workload.ok()) return workload.error();
  if (!SameMeaning(after, *workload)) return policy::Error{"", FirstDifference(after, *workload)};
  return true;
}

// `before` may be null.
policy::Result<bool> Prove(const Kind& kind, JsonView object, const Patch& patch,
                           const policy::Workload* before, const policy::Workload& after,
                           const ReadOptions& options) {
  Overlay overlay;
  for (const PatchOperation& operation : patch) {
    if (!Allowed(kind, object, operation)) {
      return policy::Error{operation.path, "must never be patched (" + operation.op + ")"};
    }
    if (!overlay.Apply(object, operation)) {
      if (LeadsThroughList(object, operation.path)) {
        return ProveOnCopy(kind, object, patch, after, options);
      }
      return policy::Error{operation.path, "does not apply (" + operation.op + ")"};
    }
  }
  const JsonView patched(object, overlay);
  if (before != nullptr && TouchedSettingsProve(kind, patched, patch, *before, after, options)) {
    return true;
  }
  const auto workload = kind.normalise(patched, options);
  if (!workload.ok()) return workload.error();
  if (!SameMeaning(after, *workload)) return policy::Error{"", FirstDifference(after, *workload)};
  return true;
}

policy::Result<bool> ProveSafely(const Kind& kind, JsonView object, const Patch& patch,
                                 const policy::Workload* before, const policy::Workload& after,
                                 const ReadOptions& options) {
  try {
    return Prove(kind, object, patch, before, after, options);
  } catch (const json::exception& problem) {
    return policy::Error{"", problem.what()};
  }
}

}  // namespace

policy::Result<bool> ProvePatch(const Kind& kind, JsonView object, const Patch& patch,
                                const policy::Workload& before, const policy::Workload& after,
                                const ReadOptions& options) {
  return ProveSafely(kind, object, patch, &before, after, options);
}

policy::Result<bool> ProvePatch(const Kind& kind, JsonView object, const Patch& patch,
                                const policy::Workload& after, const ReadOptions& options) {
  return ProveSafely(kind, object, patch, nullptr, after, options);
}

}  // namespace ballast::k8s
