#include "k8s/patch.h"

#include <algorithm>
#include <utility>

namespace ballast::k8s {

nlohmann::json ToJson(const Patch& patch) {
  nlohmann::json operations = nlohmann::json::array();
  for (const PatchOperation& operation : patch) {
    nlohmann::json& json = operations.emplace_back(nlohmann::json::object());
    json.emplace("op", operation.op);
    json.emplace("path", operation.path);
    if (operation.op != "remove") json.emplace("value", operation.value);
  }
  return operations;
}

void AppendToken(std::string& pointer, std::string_view token) {
  pointer += '/';
  if (token.find_first_of("~/") == std::string_view::npos) {
    pointer += token;
    return;
  }
  for (const char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::string UnescapeToken(std::string_view token) {
  if (token.find('~') == std::string_view::npos) return std::string(token);
  std::string plain;
  plain.reserve(token.size());
  for (size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      plain += token[++i] == '1' ? '/' : '~';
    } else {
      plain += token[i];
    }
  }
  return plain;
}

PatchOperation* PatchWriter::Planned(std::string_view pointer) {
  const auto found =
      std::find_if(patch_.begin(), patch_.end(),
                   [&](const PatchOperation& operation) { return operation.path == pointer; });
  return found == patch_.end() ? nullptr : &*found;
}

void PatchWriter::MakeParents(std::string_view pointer) {
  for (size_t end = pointer.find('/', 1); end != std::string_view::npos;
       end = pointer.find('/', end + 1)) {
    const std::string_view parent = pointer.substr(0, end);
    const JsonView there = object_.At(parent);
    if (there.is_object() || Planned(parent) != nullptr) continue;
    patch_.push_back({"add", std::string(parent), nlohmann::json::object()});
  }
}

void PatchWriter::Put(std::string_view pointer, nlohmann::json value) {
  const bool there = object_.At(pointer).exists();
  if (PatchOperation* planned = Planned(pointer)) {
    *planned = {there ? "replace" : "add", std::string(pointer), std::move(value)};
    return;
  }
  MakeParents(pointer);
  patch_.push_back({there ? "replace" : "add", std::string(pointer), std::move(value)});
}

void PatchWriter::Remove(std::string_view pointer) {
  const bool there = object_.At(pointer).exists();
  if (PatchOperation* planned = Planned(pointer)) {
    if (there) {
      *planned = {"remove", std::string(pointer), nullptr};
    } else {
      patch_.erase(patch_.begin() + (planned - patch_.data()));
    }
    return;
  }
  if (there) patch_.push_back({"remove", std::string(pointer), nullptr});
}

policy::Result<nlohmann::json> ApplyPatch(const nlohmann::json& object, const Patch& patch) {
  try {
    return object.patch(ToJson(patch));
  } catch (const nlohmann::json::exception& problem) {
    return policy::Error{"", problem.what()};
  }
}

bool SameMeaning(const policy::Workload& a, const policy::Workload& b) {
  return a.conf == b.conf && SameButSettings(a, b);
}

bool SameButSettings(const policy::Workload& a, const policy::Workload& b) {
  return a.labels == b.labels && a.language == b.language &&
         a.spark_version_text == b.spark_version_text && a.versions == b.versions &&
         a.version_known == b.version_known && a.by_spark_submit == b.by_spark_submit &&
         a.driver_extras == b.driver_extras && a.executor_extras == b.executor_extras &&
         a.driver_placement == b.driver_placement && a.executor_placement == b.executor_placement &&
         a.claims_per_executor == b.claims_per_executor && a.driver_given == b.driver_given &&
         a.executor_given == b.executor_given;
}

}  // namespace ballast::k8s
