#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

std::vector<std::string> Tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const size_t end = std::min(pointer.find('/'), pointer.size());
    std::string& token = tokens.emplace_back();
    for (size_t i = 0; i < end; ++i) {
      if (pointer[i] == '~' && i + 1 < end) {
        token += pointer[++i] == '1' ? '/' : '~';
      } else {
        token += pointer[i];
      }
    }
    pointer.remove_prefix(end);
  }
  return tokens;
}

// The operation's way into the object, looked up once.
struct Step {
  std::vector<std::string> tokens;
  std::vector<JsonView> parents;  // the object that each token is a member of, as far as they go
  bool there = false;             // the last token's member is in the object as it is
};

Step Follow(JsonView object, std::string_view pointer) {
  Step step{Tokens(pointer), {}, false};
  JsonView at = object;
  for (const std::string& token : step.tokens) {
    step.parents.push_back(at);
    if (!at.is_object()) return step;
    at = at[token];
  }
  step.there = at.exists();
  return step;
}

// Only a value of the kind's list may be changed, and only where nothing is may an object be made
// to hold one.
bool Allowed(const Kind& kind, JsonView object, const PatchOperation& operation) {
  if (operation.op != "add" && operation.op != "replace" && operation.op != "remove") return false;
  if (!operation.path.starts_with('/')) return false;
  if (kind.may_patch(operation.path)) return !operation.value.is_structured();
  if (std::ranges::find(kind.may_make, operation.path) == kind.may_make.end()) return false;
  const JsonView there = object.At(operation.path);
  return operation.op == "add" && operation.value.is_object() && operation.value.empty() &&
         (!there.exists() || there.is_null());
}

json Part() {
  json part = json::object();
  part.emplace(kOverlayMark, true);
  return part;
}

// Lays out the way of one operation in the skeleton. The old value of the member itself does not
// matter, only that it is there.
void Sketch(json& skeleton, const Step& step) {
  json* at = &skeleton;
  for (size_t i = 0; i < step.parents.size(); ++i) {
    const std::string& token = step.tokens[i];
    if (!at->is_object()) return;
    if (i + 1 == step.tokens.size()) {
      if (step.there) at->emplace(token, nullptr);
      return;
    }
    const JsonView child = step.parents[i][token];
    if (!child.exists()) return;
    at = &*at->emplace(token, child.is_object() ? Part() : child.Copy()).first;
  }
}

// Notes in the skeleton that a member of the object is gone.
void MarkRemoved(json& skeleton, const Step& step) {
  if (!step.there) return;
  json* at = &skeleton;
  for (size_t i = 0; i + 1 < step.tokens.size(); ++i) {
    const auto child = at->find(step.tokens[i]);
    if (child == at->end() || !child->is_object()) return;
    at = &*child;
  }
  if (!at->contains(step.tokens.back())) at->emplace(step.tokens.back(), json::value_t::discarded);
}

std::string FirstDifference(const policy::Workload& wanted, const policy::Workload& got) {
  const auto differences = policy::SparkConf::Difference(wanted.conf, got.conf);
  if (differences.empty()) return "the patched object differs in what is not a setting";
  return "the patched object differs in " + differences.front().key;
}

policy::Result<bool> Prove(const Kind& kind, JsonView object, const Patch& patch,
                           const policy::Workload& after, const ReadOptions& options) {
  json skeleton = Part();
  std::vector<Step> steps;
  steps.reserve(patch.size());
  for (const PatchOperation& operation : patch) {
    if (!Allowed(kind, object, operation)) {
      return policy::Error{operation.path, "must never be patched (" + operation.op + ")"};
    }
    Sketch(skeleton, steps.emplace_back(Follow(object, operation.path)));
  }
  skeleton.patch_inplace(ToJson(patch));
  for (const Step& step : steps) MarkRemoved(skeleton, step);

  const auto patched = kind.normalise(JsonView(object, skeleton), options);
  if (!patched.ok()) return patched.error();
  if (!SameMeaning(after, *patched)) return policy::Error{"", FirstDifference(after, *patched)};
  return true;
}

}  // namespace

policy::Result<bool> ProvePatch(const Kind& kind, JsonView object, const Patch& patch,
                                const policy::Workload& after, const ReadOptions& options) {
  try {
    return Prove(kind, object, patch, after, options);
  } catch (const json::exception& problem) {
    return policy::Error{"", problem.what()};
  }
}

}  // namespace ballast::k8s
