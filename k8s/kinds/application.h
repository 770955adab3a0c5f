// Reading and writing an application, wherever its kind keeps the parts of it (see
// application_layout.h). A kind is made of these by ApplicationKind.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/kinds/application_layout.h"
#include "k8s/kinds/kind.h"

namespace ballast::k8s {

// The kubeflow operator looks up a key that Spark does not know (a lower-case "a"), so that dynamic
// allocation in sparkConf still gets one instance.
inline constexpr std::string_view kMisspelledDynamic = "spark.dynamicallocation.enabled";

policy::Result<policy::Workload> NormaliseApplication(const ApplicationLayout& layout,
                                                      JsonView object, const ReadOptions& options);
std::string PathInApplication(const ApplicationLayout& layout, JsonView object,
                              std::string_view key);
Patch RenderApplication(const ApplicationLayout& layout, JsonView object,
                        const policy::Workload& before, const policy::Workload& after);
bool MayPatchApplication(const ApplicationLayout& layout, std::string_view path);
std::optional<std::vector<std::string>> SettingsTouchedInApplication(
    const ApplicationLayout& layout, const Patch& patch);
policy::Result<policy::SparkConf> ReadTouchedInApplication(const ApplicationLayout& layout,
                                                           JsonView object,
                                                           const ReadOptions& options,
                                                           const std::vector<std::string>& keys);

// Whether the operator writes a Java agent into this field, which then beats sparkConf though
// nobody else wrote it. `monitoring` is the spec's.
bool HoldsAgent(const Field& field, JsonView monitoring);

// What spark-submit takes an application for, by the name of its file.
policy::Language LanguageOfFile(std::string_view file);

template <const ApplicationLayout& (*kLayout)()>
inline constexpr TouchedSettings kTouchedInApplication = {
    .named = [](const Patch& patch) { return SettingsTouchedInApplication(kLayout(), patch); },
    .read =
        [](JsonView object, const ReadOptions& options, const std::vector<std::string>& keys) {
          return ReadTouchedInApplication(kLayout(), object, options, keys);
        }};

// The kind whose objects have this layout. `may_make` are the objects that a patch may add, `names`
// the fields that there may be.
template <const ApplicationLayout& (*kLayout)()>
constexpr Kind ApplicationKind(std::string_view group, std::span<const std::string_view> versions,
                               std::string_view kind, std::span<const std::string_view> may_make,
                               std::span<const FieldNames> names) {
  return {
      .group = group,
      .versions = versions,
      .kind = kind,
      .normalise =
          [](JsonView object, const ReadOptions& options) {
            return NormaliseApplication(kLayout(), object, options);
          },
      .path_of = [](JsonView object,
                    std::string_view key) { return PathInApplication(kLayout(), object, key); },
      .render =
          [](JsonView object, const policy::Workload& before, const policy::Workload& after) {
            return RenderApplication(kLayout(), object, before, after);
          },
      .may_patch = [](std::string_view path) { return MayPatchApplication(kLayout(), path); },
      .may_make = may_make,
      .names = names,
      .touched = &kTouchedInApplication<kLayout>,
      .fields = [] { return kLayout().fields(); },
  };
}

}  // namespace ballast::k8s
