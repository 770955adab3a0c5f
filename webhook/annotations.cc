#include "webhook/annotations.h"

#include "k8s/patch.h"

namespace ballast::webhook {
namespace {

constexpr std::string_view kMap = "/metadata/annotations";
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

std::string PathOf(std::string_view key) {
  std::string path(kMap);
  k8s::AppendToken(path, key);
  return path;
}

bool IsOurs(std::string_view key) {
  return key.starts_with(kAnnotationPrefix) && key != kRewrite && key != kRejudge;
}

}  // namespace

std::string_view OwnAnnotations::original() const {
  const auto found = ours.find(kOriginal);
  return found == ours.end() ? std::string_view() : found->second;
}

OwnAnnotations ReadAnnotations(k8s::JsonView object) {
  OwnAnnotations own;
  const k8s::JsonView metadata = object["metadata"];
  own.metadata = metadata.is_object();
  const k8s::JsonView map = metadata["annotations"];
  own.map = map.is_object();
  map.ForEachMember([&](std::string_view key, k8s::JsonView value) {
    const std::string_view text = value.string().value_or(std::string_view());
    if (IsOurs(key)) own.ours[key] = text;
    if (key == kRewrite) own.rewrite = text;
    if (key == kRejudge) own.rejudge = text;
    if (key == kLastApplied) own.last_applied = text;
  });
  return own;
}

void AppendAnnotationChanges(k8s::Patch& patch, const OwnAnnotations& present,
                             const std::map<std::string, std::string>& wanted) {
  for (const auto& [key, value] : present.ours) {
    if (wanted.find(std::string(key)) == wanted.end()) {
      patch.push_back({"remove", PathOf(key), nullptr});
    }
  }
  if (!present.map && !wanted.empty()) {
    patch.push_back({"add", std::string(kMap), wanted});
    return;
  }
  for (const auto& [key, value] : wanted) {
    const auto found = present.ours.find(key);
    if (found != present.ours.end() && found->second == value) continue;
    patch.push_back({found == present.ours.end() ? "add" : "replace", PathOf(key), value});
  }
}

policy::Result<bool> ProveAnnotationChanges(const k8s::Patch& patch, size_t first,
                                            const OwnAnnotations& present) {
  const auto fail = [](const k8s::PatchOperation& operation, const char* what) {
    return policy::Error{operation.path, what};
  };
  for (size_t i = first; i < patch.size(); ++i) {
    const k8s::PatchOperation& operation = patch[i];
    if (operation.path == kMap) {
      if (operation.op != "add" || present.map) return fail(operation, "would drop annotations");
      if (!present.metadata) return fail(operation, "the object has no metadata");
      for (const auto& [key, value] : operation.value.items()) {
        if (!IsOurs(key)) return fail(operation, "is not Ballast's to write");
      }
      continue;
    }
    const std::string prefix = PathOf(kAnnotationPrefix);
    if (!operation.path.starts_with(prefix) || operation.path == PathOf(kRewrite) ||
        operation.path == PathOf(kRejudge)) {
      return fail(operation, "is not Ballast's to write");
    }
    if (!present.map) return fail(operation, "the object has no annotations");
    if (operation.op == "add") continue;
    bool there = false;
    for (const auto& [key, value] : present.ours) there = there || PathOf(key) == operation.path;
    if (!there) return fail(operation, "the annotation is not there");
  }
  return true;
}

}  // namespace ballast::webhook
