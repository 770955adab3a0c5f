#include "webhook/admission/annotations.h"

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
  const k8s::JsonView map = object["metadata"]["annotations"];
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

bool SameOwn(const OwnAnnotations& a, const OwnAnnotations& b) {
  return a.ours == b.ours && a.rewrite == b.rewrite && a.rejudge == b.rejudge;
}

void AppendAnnotationChanges(k8s::Patch& patch, const OwnAnnotations& present,
                             const std::map<std::string, std::string>& wanted) {
  for (const auto& [key, value] : present.ours) {
    if (wanted.find(std::string(key)) == wanted.end()) {
      patch.push_back({"remove", PathOf(key), nullptr});
    }
  }
  if (!present.map && !wanted.empty()) {
    patch.push_back({"add", std::string(kMap), nlohmann::json::object()});
  }
  for (const auto& [key, value] : wanted) {
    const auto found = present.ours.find(key);
    if (found != present.ours.end() && found->second == value) continue;
    patch.push_back({found == present.ours.end() ? "add" : "replace", PathOf(key), value});
  }
}

}  // namespace ballast::webhook
