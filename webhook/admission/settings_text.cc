#include "webhook/admission/settings_text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "k8s/patch.h"
#include "k8s/properties.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr std::string_view kSpark = "spark.";

std::optional<k8s::Properties> ReadText(const k8s::Kind& kind, k8s::JsonView object) {
  if (kind.settings_text.empty()) return std::nullopt;
  const auto text = object.At(kind.settings_text).string();
  if (!text) return std::nullopt;
  auto properties = k8s::Properties::Parse(*text);
  if (!properties) return std::nullopt;
  return *std::move(properties);
}

json::json_pointer PointerTo(const k8s::Kind& kind) {
  return json::json_pointer(std::string(kind.settings_text));
}

// The key that the recorded path names.
std::string KeyOf(const k8s::Kind& kind, std::string_view path) {
  return k8s::UnescapeToken(path.substr(kind.settings_text.size() + 1));
}

}  // namespace

bool IsSettingInText(const k8s::Kind& kind, std::string_view path) {
  if (kind.settings_text.empty() || !path.starts_with(kind.settings_text)) return false;
  path.remove_prefix(kind.settings_text.size());
  return path.starts_with('/') && path.substr(1).starts_with(kSpark) &&
         path.find('/', 1) == std::string_view::npos;
}

json Opened(const k8s::Kind& kind, k8s::JsonView object) {
  json opened = object.Copy();
  const auto properties = ReadText(kind, object);
  if (!properties) return opened;
  json settings = json::object();
  properties->ToConf().ForEach([&](std::string_view key, std::string_view value) {
    settings.emplace(std::string(key), std::string(value));
  });
  opened[PointerTo(kind)] = std::move(settings);
  return opened;
}

json Closed(const k8s::Kind& kind, k8s::JsonView object, json opened, const Record& record) {
  auto properties = ReadText(kind, object);
  if (!properties) return opened;
  for (const RecordedPath& path : record.paths) {
    if (!IsSettingInText(kind, path.path)) continue;
    const std::string key = KeyOf(kind, path.path);
    const auto wanted = k8s::JsonView(opened).At(path.path).string();
    if (wanted == properties->Get(key)) continue;
    if (wanted) {
      properties->Set(key, *wanted);
    } else {
      properties->Remove(key);
    }
  }
  opened[PointerTo(kind)] = properties->Print();
  return opened;
}

Record MakeSettingsRecord(const k8s::Kind& kind, const policy::SparkConf& before,
                          const policy::SparkConf& after, uint64_t asked) {
  Record record{asked, {}};
  for (const policy::SettingChange& change : policy::SparkConf::Difference(before, after)) {
    RecordedPath recorded{std::string(kind.settings_text), std::nullopt, std::nullopt};
    k8s::AppendToken(recorded.path, change.key);
    if (const auto was = before.Get(change.key)) recorded.was = std::string(*was);
    if (change.value) recorded.now = *change.value;
    record.paths.push_back(std::move(recorded));
  }
  std::ranges::sort(record.paths, {}, &RecordedPath::path);
  return record;
}

}  // namespace ballast::webhook
