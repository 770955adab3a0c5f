#include "policy/spark_volumes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "policy/fabric_quantity.h"
#include "policy/java_number.h"

namespace ballast::policy {
namespace {

constexpr SparkVersion kChecksSizes{4, 0};  // from here on, and that no two sub paths are written

// More are not looked at: no pod has so many.
constexpr size_t kMostVolumes = 256;

struct VolumeType {
  std::string_view name;
  std::vector<std::string_view> required;  // options
};

const VolumeType* FindType(std::string_view name) {
  static const VolumeType kTypes[] = {{"emptyDir", {}},
                                      {"hostPath", {"path"}},
                                      {"nfs", {"path", "server"}},
                                      {"persistentVolumeClaim", {"claimName"}}};
  const auto* const found = std::ranges::find(kTypes, name, &VolumeType::name);
  return found == std::end(kTypes) ? nullptr : found;
}

// Digits alone are bytes, and so few are meant for another unit.
std::optional<std::string> WrongSize(std::string_view size) {
  constexpr int64_t kLeast = 1024;
  if (!std::ranges::all_of(size, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const Result<int64_t> bytes = ParseJavaLong(size);
  if (!bytes.ok()) return bytes.error().what;
  if (*bytes >= kLeast) return std::nullopt;
  return "Volume size `" + std::string(size) + "` is smaller than 1KiB. Missing units?";
}

struct Volume {
  std::string base;  // the prefix, its type and its name: "….volumes.emptyDir.a."
  std::string_view type;
};

std::optional<Error> CheckVolume(const SparkConf& conf, const Volume& volume,
                                 SparkVersion version) {
  const std::string& base = volume.base;
  const auto missing = [&](std::string key) {
    std::string what = key + " is required for " + std::string(volume.type);
    return Error{std::move(key), std::move(what)};
  };
  const VolumeType* type = FindType(volume.type);
  if (type == nullptr) {
    return Error{base + "mount.path",
                 "Kubernetes Volume type `" + std::string(volume.type) + "` is not supported"};
  }
  if (!conf.Has(base + "mount.path")) return missing(base + "mount.path");
  for (const std::string_view option : type->required) {
    std::string key = base + "options." + std::string(option);
    if (!conf.Has(key)) return missing(std::move(key));
  }
  if (const auto read_only = conf.Get(base + "mount.readOnly")) {
    const Result<bool> yes = ParseJavaBoolean(*read_only);
    if (!yes.ok()) return Error{base + "mount.readOnly", yes.error().what};
  }
  if (version < kChecksSizes) return std::nullopt;
  const auto size = conf.Get(base + "options.sizeLimit");
  if (size && type->name != "hostPath" && type->name != "nfs") {
    if (auto wrong = WrongSize(*size)) return Error{base + "options.sizeLimit", *std::move(wrong)};
  }
  if (conf.Has(base + "mount.subPath") && conf.Has(base + "mount.subPathExpr")) {
    return Error{base + "mount.subPathExpr",
                 "These config options are mutually exclusive: " + base + "mount.subPath, " + base +
                     "mount.subPathExpr"};
  }
  return std::nullopt;
}

std::vector<Volume> VolumesUnder(const SparkConf& conf, std::string_view prefix) {
  std::vector<Volume> volumes;
  conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view) {
    if (volumes.size() == kMostVolumes) return;
    const std::string_view rest = key.substr(prefix.size());
    const size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return;
    const size_t end = std::min(rest.find('.', dot + 1), rest.size());
    if (end == dot + 1) return;  // no name
    std::string base(key.substr(0, prefix.size() + end));
    base += '.';
    if (volumes.empty() || volumes.back().base != base) {
      volumes.push_back({std::move(base), rest.substr(0, dot)});
    }
  });
  return volumes;
}

std::optional<Error> CheckEach(const SparkConf& conf, const std::vector<Volume>& volumes,
                               SparkVersion version) {
  for (const Volume& volume : volumes) {
    if (auto error = CheckVolume(conf, volume, version)) return error;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> CheckVolumes(const SparkConf& conf, std::string_view prefix,
                                  SparkVersion version) {
  return CheckEach(conf, VolumesUnder(conf, prefix), version);
}

std::optional<Error> CheckMounts(const SparkConf& conf, std::string_view prefix,
                                 SparkVersion version) {
  const std::vector<Volume> volumes = VolumesUnder(conf, prefix);
  if (auto error = CheckEach(conf, volumes, version)) return error;
  std::vector<std::string_view> mounted;
  for (const Volume& volume : volumes) {
    std::string key = volume.base + "mount.path";
    const std::string_view path = conf.Get(key).value_or("");
    if (std::ranges::find(mounted, path) != mounted.end()) {
      return Error{std::move(key), "Found duplicated mountPath: '" + std::string(path) + "'"};
    }
    mounted.push_back(path);
    const auto size = conf.Get(volume.base + "options.sizeLimit");
    if (!size || volume.type != "emptyDir") continue;
    if (auto why = FabricRefusal(*size)) return Error{volume.base + "options.sizeLimit", *why};
  }
  return std::nullopt;
}

}  // namespace ballast::policy
