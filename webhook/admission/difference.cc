#include "webhook/admission/difference.h"

#include <string>

#include "k8s/patch.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::string Member(const std::string& path, const std::string& key) {
  std::string member = path;
  k8s::AppendToken(member, key);
  return member;
}

void Compare(const json& from, const json& to, const std::string& path, k8s::Patch& patch);

void Add(const json& value, const std::string& path, k8s::Patch& patch) {
  if (!value.is_object()) {
    patch.push_back({"add", path, value});
    return;
  }
  patch.push_back({"add", path, json::object()});
  Compare(json::object(), value, path, patch);
}

void Compare(const json& from, const json& to, const std::string& path, k8s::Patch& patch) {
  for (const auto& [key, old_value] : from.items()) {
    const auto found = to.find(key);
    const json empty = json::object();
    if (old_value.is_object()) {
      const bool object = found != to.end() && found->is_object();
      Compare(old_value, object ? *found : empty, Member(path, key), patch);
    } else if (found == to.end()) {
      patch.push_back({"remove", Member(path, key), nullptr});
    } else if (found->is_object()) {
      Add(*found, Member(path, key), patch);
    } else if (*found != old_value) {
      patch.push_back({"replace", Member(path, key), *found});
    }
  }
  for (const auto& [key, value] : to.items()) {
    if (!from.contains(key)) Add(value, Member(path, key), patch);
  }
}

}  // namespace

k8s::Patch AskedDifference(const json& from, const json& to) {
  json asked_from = from;
  json asked_to = to;
  for (const char* member : {"metadata", "status"}) {
    asked_from.erase(member);
    asked_to.erase(member);
  }
  k8s::Patch patch;
  Compare(asked_from, asked_to, "", patch);
  return patch;
}

}  // namespace ballast::webhook
