#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "k8s/kinds/application.h"
#include "k8s/kinds/application_pods.h"
#include "k8s/kinds/object_head.h"
#include "k8s/kinds/setting_sources.h"
#include "k8s/kinds/shell_word.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using policy::Language;
using policy::Workload;

// Go's strconv.ParseBool, as far as it says true.
bool GoTrue(std::string_view text) {
  return text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" ||
         text == "True";
}

class Reader {
 public:
  Reader(const ApplicationLayout& layout, JsonView object, const ReadOptions& options)
      : layout_(layout), object_(object), options_(options) {}
  policy::Result<Workload> Read();
  // The settings alone, and of those in maps only the ones with these keys and with fields' keys.
  policy::Result<policy::SparkConf> ReadSettings(const std::vector<std::string>& keys);

 private:
  // The members of the object that are read further.
  struct Parts {
    JsonView spec, conf, hadoop_conf, driver, executor, dynamic, node_selector, volumes, monitoring;
  };
  void TakeApart();
  void LayOverSettings();
  bool Wanted(std::string_view key) const;
  std::string_view AsSparkGets(const WrittenSetting& written);
  void ReadConf(JsonView map);
  void ReadHadoopConf(JsonView map);
  void ReadRole(JsonView object, ApplicationRole& role);
  void ReadDynamicAllocation(JsonView object);
  void ReadFields(std::string_view parent, std::string_view name, JsonView value);
  void AddDefaults();
  const WrittenSetting* Written(std::string_view key) const;

  const ApplicationLayout& layout_;
  JsonView object_;
  const ReadOptions& options_;
  const std::vector<std::string>* only_ = nullptr;
  Parts parts_;
  Workload workload_;
  Mistake mistake_;
  Texts texts_;
  std::vector<WrittenSetting> conf_;    // sparkConf
  std::vector<WrittenSetting> fields_;  // what is written outside it
  ApplicationRole driver_{layout_.driver()};
  ApplicationRole executor_{layout_.executor()};
  // The field `enabled` of dynamicAllocation, where that object is there.
  std::optional<bool> dynamic_field_;
};

void Reader::TakeApart() {
  parts_.spec = object_.At(layout_.spec());
  const LayoutParts& has = layout_.parts();
  const std::pair<std::string_view, JsonView*> parts[] = {
      {"sparkConf", &parts_.conf},
      {has.has_hadoop_conf ? "hadoopConf" : "", &parts_.hadoop_conf},
      {layout_.driver().member, &parts_.driver},
      {layout_.executor().member, &parts_.executor},
      {!has.dynamic_fields.empty() ? "dynamicAllocation" : "", &parts_.dynamic},
      {has.has_pod_fields ? "nodeSelector" : "", &parts_.node_selector},
      {has.has_pod_fields ? "volumes" : "", &parts_.volumes},
      {has.has_pod_fields ? "monitoring" : "", &parts_.monitoring},
  };
  const std::string parent = layout_.spec() + "/";
  parts_.spec.ForEachMember([&](std::string_view name, JsonView value) {
    for (const auto& [part, view] : parts) {
      if (part == name && !part.empty()) {
        *view = value;
        return;
      }
    }
    ReadFields(parent, name, value);
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
  ReadHead(object_, workload_, mistake_);
  if (!parts_.spec.is_object()) {
    return policy::Error{layout_.spec(), "must be there and be an object"};
  }
  const std::string_view version = layout_.parts().version;
  ReadVersions(ReadText(parts_.spec.At(version), layout_.spec() + std::string(version), mistake_)
                   .value_or(""),
               options_, workload_);
  workload_.by_spark_submit = layout_.parts().by_spark_submit;
  workload_.language = layout_.parts().language(parts_.spec, layout_.spec(), mistake_);
  LayOverSettings();
  const JsonView node_selector = parts_.node_selector;
  const policy::SparkConf& conf = workload_.conf;
  workload_.driver_extras = ReadRoleExtras(driver_, layout_.conf(), conf, mistake_);
  workload_.executor_extras = ReadRoleExtras(executor_, layout_.conf(), conf, mistake_);
  const std::string& spec = layout_.spec();
  workload_.driver_placement = ReadRolePlacement(driver_, node_selector, spec, conf, mistake_);
  workload_.executor_placement = ReadRolePlacement(executor_, node_selector, spec, conf, mistake_);
  workload_.gang = FindGangMinimum(layout_, parts_.spec, driver_, executor_, conf);
  if (layout_.parts().driver_given) {
    // Its own spark-submit runs in the pod, with the Spark that is there.
    workload_.driver_given = ReadGivenPod(driver_, conf, mistake_);
    workload_.versions.submit = workload_.versions.runtime;
  }
  workload_.claims_per_executor = CountClaimsPerExecutor(executor_, parts_.volumes, conf);
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
  return only_ == nullptr || layout_.IsFieldSetting(key) || key == kMisspelledDynamic ||
         std::ranges::find(*only_, key) != only_->end();
}

// The value as Spark gets it of one that stands in a map.
std::string_view Reader::AsSparkGets(const WrittenSetting& written) {
  if (!layout_.parts().through_shell) return written.value;
  ShellWord word = ReadShellWord(written.value);
  if (!word.whole) {
    workload_.overridden.push_back(
        {std::string(written.key), std::string(written.value), written.Path(), {}, {}, true});
  }
  return word.text == written.value ? written.value : texts_.emplace_back(std::move(word.text));
}

void Reader::ReadConf(JsonView map) {
  const std::string& pointer = layout_.conf();
  if (!IsObject(map, pointer, mistake_)) return;
  conf_.reserve(only_ == nullptr ? 96 : 16);
  map.ForEachMember([&](std::string_view key, JsonView value) {
    if (const auto text = value.string()) {
      // spark-submit ignores every other key.
      if (!key.starts_with("spark.") || !Wanted(key)) return;
      WrittenSetting& written = conf_.emplace_back(WrittenSetting{key, *text, pointer, key});
      written.value = AsSparkGets(written);
      return;
    }
    if (value.is_null()) return;  // the API server leaves it out
    std::string where = pointer;
    AppendToken(where, key);
    MustBeText(std::move(where), key, value, mistake_);
  });
}

void Reader::ReadHadoopConf(JsonView map) {
  const std::string& pointer = layout_.hadoop_conf();
  if (!IsObject(map, pointer, mistake_)) return;
  map.ForEachMember([&](std::string_view key, JsonView value) {
    if (const auto text = value.string()) {
      const std::string& full = texts_.emplace_back(layout_.HadoopSetting(key));
      if (!Wanted(full)) return;
      WrittenSetting& written = fields_.emplace_back(WrittenSetting{full, *text, pointer, key});
      written.value = AsSparkGets(written);
      return;
    }
    if (value.is_null()) return;
    std::string where = pointer;
    AppendToken(where, key);
    MustBeText(std::move(where), key, value, mistake_);
  });
}

void Reader::ReadRole(JsonView object, ApplicationRole& role) {
  if (!IsObject(object, role.layout.pointer, mistake_)) return;
  const std::string parent = role.layout.pointer + "/";
  object.ForEachMember([&](std::string_view name, JsonView value) {
    role.Take(name, value);
    ReadFields(parent, name, value);
  });
}

void Reader::ReadDynamicAllocation(JsonView object) {
  if (!IsObject(object, layout_.dynamic(), mistake_)) return;
  const size_t others = fields_.size();
  const std::string parent = layout_.dynamic() + "/";
  object.ForEachMember(
      [&](std::string_view name, JsonView value) { ReadFields(parent, name, value); });
  const WrittenSetting* enabled = Written("spark.dynamicAllocation.enabled");
  dynamic_field_ = enabled != nullptr && enabled->value == "true";
  // Switched off, the operator hands on none of these fields, not even that it is off.
  if (!*dynamic_field_) fields_.resize(others);
}

void Reader::ReadFields(std::string_view parent, std::string_view name, JsonView value) {
  for (const Field& field : layout_.fields()) {
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
  for (const Field& field : layout_.fields()) {
    if (Written(field.key) != nullptr) continue;
    if (HoldsAgent(field, parts_.monitoring) && in_conf(field.key) != nullptr) {
      const std::string& agent = texts_.emplace_back(layout_.spec() + "/monitoring/prometheus");
      fields_.push_back({field.key, "", agent, {}, true});
      continue;
    }
    if (field.otherwise.empty()) continue;
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

bool HoldsAgent(const Field& field, JsonView monitoring) {
  return !field.agent_flag.empty() && monitoring["prometheus"].is_object() &&
         monitoring[field.agent_flag].boolean().value_or(false);
}

Language LanguageOfFile(std::string_view file) {
  if (file.ends_with(".py")) return Language::kPython;
  if (file.ends_with(".R") || file.ends_with(".r")) return Language::kR;
  return Language::kJvm;
}

policy::Result<Workload> NormaliseApplication(const ApplicationLayout& layout, JsonView object,
                                              const ReadOptions& options) {
  if (!object.is_object()) return policy::Error{"", "must be an object"};
  return Reader(layout, object, options).Read();
}

policy::Result<policy::SparkConf> ReadTouchedInApplication(const ApplicationLayout& layout,
                                                           JsonView object,
                                                           const ReadOptions& options,
                                                           const std::vector<std::string>& keys) {
  return Reader(layout, object, options).ReadSettings(keys);
}

}  // namespace ballast::k8s
