#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "k8s/kinds/pod_spec.h"
#include "k8s/kinds/setting_sources.h"
#include "k8s/kinds/spark_application.h"
#include "k8s/kinds/spark_application_pods.h"
#include "k8s/patch.h"
#include "policy/spark_version.h"

namespace ballast::k8s {
namespace {

using policy::Language;
using policy::Workload;

constexpr std::string_view kConf = "/spec/sparkConf";
constexpr std::string_view kHadoopConf = "/spec/hadoopConf";
constexpr std::string_view kHadoopPrefix = "spark.hadoop.";

// As spark-submit decides it: by the name of the file alone.
Language LanguageOf(std::string_view file) {
  if (file.ends_with(".py")) return Language::kPython;
  if (file.ends_with(".R") || file.ends_with(".r")) return Language::kR;
  return Language::kJvm;
}

// Go's strconv.ParseBool, as far as it says true.
bool GoTrue(std::string_view text) {
  return text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" ||
         text == "True";
}

class Reader {
 public:
  Reader(JsonView object, const ReadOptions& options) : object_(object), options_(options) {}
  policy::Result<Workload> Read();
  // The settings alone, and of those in maps only the ones with these keys and with fields' keys.
  policy::Result<policy::SparkConf> ReadSettings(const std::vector<std::string>& keys);

 private:
  // The members of the object that are read further.
  struct Parts {
    JsonView metadata, spec, conf, hadoop_conf, driver, executor, dynamic, version, node_selector,
        volumes, file;
  };
  void TakeApart();
  void LayOverSettings();
  bool Wanted(std::string_view key) const;
  void ReadMetadata(JsonView metadata);
  void ReadVersion(JsonView value);
  void ReadConf(JsonView map);
  void ReadHadoopConf(JsonView map);
  void ReadRole(JsonView object, ApplicationRole& role);
  void ReadDynamicAllocation(JsonView object);
  void ReadFields(std::string_view parent, std::string_view name, JsonView value);
  void AddDefaults();
  bool MustBeObject(JsonView value, std::string_view pointer);
  const WrittenSetting* Written(std::string_view key) const;
  std::optional<std::string_view> Text(JsonView value, std::string_view pointer);

  JsonView object_;
  const ReadOptions& options_;
  const std::vector<std::string>* only_ = nullptr;
  Parts parts_;
  Workload workload_;
  Mistake mistake_;
  Texts texts_;
  std::vector<WrittenSetting> conf_;    // sparkConf
  std::vector<WrittenSetting> fields_;  // what is written outside it
  ApplicationRole driver_{"driver", "/spec/driver", "spark-kubernetes-driver"};
  ApplicationRole executor_{"executor", "/spec/executor", "spark-kubernetes-executor"};
  // /spec/dynamicAllocation/enabled, where that object is there.
  std::optional<bool> dynamic_field_;
};

void Reader::TakeApart() {
  object_.ForEachMember([&](std::string_view name, JsonView value) {
    if (name == "metadata") parts_.metadata = value;
    if (name == "spec") parts_.spec = value;
    if (name == "apiVersion") workload_.resource.api_version = value.string().value_or("");
    if (name == "kind") workload_.resource.kind = value.string().value_or("");
  });
  const std::pair<std::string_view, JsonView*> parts[] = {
      {"sparkConf", &parts_.conf},
      {"hadoopConf", &parts_.hadoop_conf},
      {"driver", &parts_.driver},
      {"executor", &parts_.executor},
      {"dynamicAllocation", &parts_.dynamic},
      {"sparkVersion", &parts_.version},
      {"nodeSelector", &parts_.node_selector},
      {"volumes", &parts_.volumes},
      {"mainApplicationFile", &parts_.file},
  };
  parts_.spec.ForEachMember([&](std::string_view name, JsonView value) {
    for (const auto& [part, view] : parts) {
      if (part == name) {
        *view = value;
        return;
      }
    }
    ReadFields("/spec/", name, value);
  });
}

// What is written in all the places, and what the operator makes of it.
void Reader::LayOverSettings() {
  ReadConf(parts_.conf);
  ReadHadoopConf(parts_.hadoop_conf);
  ReadRole(parts_.driver, driver_);
  ReadRole(parts_.executor, executor_);
  ReadDynamicAllocation(parts_.dynamic);
  AddDefaults();
  workload_.conf = LayOver(conf_, fields_, workload_.overridden);
}

policy::Result<Workload> Reader::Read() {
  TakeApart();
  ReadMetadata(parts_.metadata);
  if (!parts_.spec.is_object()) return policy::Error{"/spec", "must be there and be an object"};
  ReadVersion(parts_.version);
  workload_.language = LanguageOf(Text(parts_.file, "/spec/mainApplicationFile").value_or(""));
  LayOverSettings();
  const JsonView node_selector = parts_.node_selector;
  workload_.driver_extras = ReadRoleExtras(driver_, workload_.conf, mistake_);
  workload_.executor_extras = ReadRoleExtras(executor_, workload_.conf, mistake_);
  workload_.driver_placement = ReadRolePlacement(driver_, node_selector, workload_.conf, mistake_);
  workload_.executor_placement =
      ReadRolePlacement(executor_, node_selector, workload_.conf, mistake_);
  workload_.claims_per_executor = CountClaimsPerExecutor(executor_, parts_.volumes, workload_.conf);
  if (mistake_.first()) return *mistake_.first();
  return std::move(workload_);
}

policy::Result<policy::SparkConf> Reader::ReadSettings(const std::vector<std::string>& keys) {
  only_ = &keys;
  TakeApart();
  LayOverSettings();
  if (mistake_.first()) return *mistake_.first();
  return std::move(workload_.conf);
}

// What decides a field's default counts with the fields.
bool Reader::Wanted(std::string_view key) const {
  return only_ == nullptr || IsFieldSetting(key) || key == kMisspelledDynamic ||
         std::ranges::find(*only_, key) != only_->end();
}

std::optional<std::string_view> Reader::Text(JsonView value, std::string_view pointer) {
  if (!value.exists() || value.is_null()) return std::nullopt;
  const auto text = value.string();
  if (!text) {
    MustBeText(std::string(pointer), pointer.substr(pointer.rfind('/') + 1), value, mistake_);
  }
  return text;
}

bool Reader::MustBeObject(JsonView value, std::string_view pointer) {
  if (!value.exists() || value.is_null()) return false;
  if (!value.is_object()) {
    mistake_.Add(std::string(pointer), "must be an object, not " + Quoted(value));
  }
  return value.is_object();
}

void Reader::ReadMetadata(JsonView metadata) {
  policy::ResourceRef& resource = workload_.resource;
  std::string_view generated;
  metadata.ForEachMember([&](std::string_view name, JsonView value) {
    if (name == "name") resource.name = Text(value, "/metadata/name").value_or("");
    if (name == "generateName") generated = Text(value, "/metadata/generateName").value_or("");
    if (name == "labels") ReadLabels(value, "/metadata/labels", workload_.labels, mistake_);
    if (name == "namespace") {
      const std::string_view text = Text(value, "/metadata/namespace").value_or("");
      if (!text.empty()) resource.namespace_name = text;
    }
  });
  if (resource.name.empty()) resource.name = generated;
}

// What is no version ("{{SPARK_VERSION}}") counts as unset.
void Reader::ReadVersion(JsonView value) {
  workload_.spark_version_text = Text(value, "/spec/sparkVersion").value_or("");
  const auto parsed = policy::ParseSparkVersion(workload_.spark_version_text);
  workload_.version_known = parsed.ok();
  policy::SparkVersions& versions = workload_.versions;
  versions.runtime = policy::NearestKnown(parsed.ok() ? *parsed : options_.unset_version);
  versions.submit = options_.operator_version ? policy::NearestKnown(*options_.operator_version)
                                              : versions.runtime;
  if (parsed.ok() && versions.runtime != *parsed) {
    workload_.unknown_version = options_.unknown_version;
  }
}

void Reader::ReadConf(JsonView map) {
  if (!MustBeObject(map, kConf)) return;
  conf_.reserve(96);
  map.ForEachMember([&](std::string_view key, JsonView value) {
    if (const auto text = value.string()) {
      // spark-submit ignores every other key.
      if (key.starts_with("spark.") && Wanted(key)) conf_.push_back({key, *text, kConf, key});
      return;
    }
    std::string where(kConf);
    AppendToken(where, key);
    MustBeText(std::move(where), key, value, mistake_);
  });
}

void Reader::ReadHadoopConf(JsonView map) {
  if (!MustBeObject(map, kHadoopConf)) return;
  map.ForEachMember([&](std::string_view key, JsonView value) {
    if (const auto text = value.string()) {
      const std::string& full = texts_.emplace_back(std::string(kHadoopPrefix) + std::string(key));
      if (Wanted(full)) fields_.push_back({full, *text, kHadoopConf, key});
      return;
    }
    std::string where(kHadoopConf);
    AppendToken(where, key);
    MustBeText(std::move(where), key, value, mistake_);
  });
}

void Reader::ReadRole(JsonView object, ApplicationRole& role) {
  if (!MustBeObject(object, role.pointer)) return;
  const std::string parent = role.pointer + "/";
  object.ForEachMember([&](std::string_view name, JsonView value) {
    role.Take(name, value);
    ReadFields(parent, name, value);
  });
}

void Reader::ReadDynamicAllocation(JsonView object) {
  constexpr std::string_view kPointer = "/spec/dynamicAllocation";
  if (!MustBeObject(object, kPointer)) return;
  const size_t others = fields_.size();
  object.ForEachMember([&](std::string_view name, JsonView value) {
    ReadFields("/spec/dynamicAllocation/", name, value);
  });
  const WrittenSetting* enabled = Written("spark.dynamicAllocation.enabled");
  dynamic_field_ = enabled != nullptr && enabled->value == "true";
  // Switched off, the operator hands on none of these fields, not even that it is off.
  if (!*dynamic_field_) fields_.resize(others);
}

void Reader::ReadFields(std::string_view parent, std::string_view name, JsonView value) {
  for (const Field& field : SparkApplicationFields()) {
    if (field.pointer.size() != parent.size() + name.size() || !field.pointer.ends_with(name) ||
        !field.pointer.starts_with(parent)) {
      continue;
    }
    const auto text = ReadField(field, value, texts_, mistake_);
    // An empty memoryOverheadFactor is left out; every other empty text is handed on.
    if (text && !(field.conf_wins && text->empty())) {
      fields_.push_back({field.key, *text, field.pointer, {}, !field.conf_wins});
    }
    return;
  }
}

// The field outside sparkConf that sets this key.
const WrittenSetting* Reader::Written(std::string_view key) const {
  const auto found = std::find_if(fields_.rbegin(), fields_.rend(),
                                  [&](const WrittenSetting& field) { return field.key == key; });
  return found == fields_.rend() ? nullptr : &*found;
}

// What the operator's own webhook fills in.
void Reader::AddDefaults() {
  const auto in_conf = [&](std::string_view key) -> const WrittenSetting* {
    const auto found =
        std::find_if(conf_.rbegin(), conf_.rend(),
                     [&](const WrittenSetting& written) { return written.key == key; });
    return found == conf_.rend() ? nullptr : &*found;
  };
  for (const Field& field : SparkApplicationFields()) {
    if (field.otherwise.empty() || Written(field.key) != nullptr) continue;
    if (field.condition == Condition::kDynamicField) {
      if (!dynamic_field_.value_or(false)) continue;
    } else if (const auto* written = in_conf(field.key)) {
      // An empty number of executors is overwritten, an empty size is not.
      if (field.key != "spark.executor.instances" || !written->value.empty()) continue;
    }
    if (field.key == "spark.executor.instances") {
      const auto* misspelled = in_conf(kMisspelledDynamic);
      if (dynamic_field_.value_or(misspelled != nullptr && GoTrue(misspelled->value))) continue;
    }
    fields_.push_back({field.key, field.otherwise, field.pointer, {}, true});
  }
}

}  // namespace

policy::Result<Workload> NormaliseSparkApplication(JsonView object, const ReadOptions& options) {
  if (!object.is_object()) return policy::Error{"", "must be an object"};
  return Reader(object, options).Read();
}

policy::Result<policy::SparkConf> ReadTouchedInSparkApplication(
    JsonView object, const ReadOptions& options, const std::vector<std::string>& keys) {
  return Reader(object, options).ReadSettings(keys);
}

}  // namespace ballast::k8s
