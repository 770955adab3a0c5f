// Where the parts of an application stand in one kind of object. Several kinds hold the same parts
// (maps of settings, fields that become settings, a driver and executors with pod templates) in
// other places: one reader and one writer serve all of them, each kind has its table.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/json_view.h"
#include "k8s/kinds/field.h"
#include "policy/key_index.h"
#include "policy/spark_memory.h"

namespace ballast::k8s {

// One of the two roles.
struct RoleLayout {
  std::string_view name;             // "driver": as settings call it
  std::string_view member;           // "driverSpec": of the spec
  std::string_view pod_template;     // "podTemplateSpec": its member that holds the pod template
  std::string_view spark_container;  // the name of Spark's own container; empty: the first one
  bool has_pod_fields = false;       // gpu, sidecars, tolerations, ... beside the pod template
  std::string pointer = {};          // "/spec/driverSpec"
};

// What a kind says of itself.
struct LayoutParts {
  std::string_view spec;     // where the application's spec is: "/spec", "/spec/template"
  std::string_view version;  // under it: "/sparkVersion"
  RoleLayout driver;
  RoleLayout executor;
  // The kind's table, with pointers as if the spec were at "/spec".
  std::span<const Field> fields;
  // Those of dynamicAllocation; empty: the kind has none.
  std::span<const Field> dynamic_fields = {};
  bool has_hadoop_conf = false;
  bool hadoop_keys_may_be_whole = false;  // a key may have its "spark.hadoop." already
  bool has_pod_fields = false;            // nodeSelector, volumes beside the roles
  bool by_spark_submit = true;  // the operator calls spark-submit, which has checks of its own
  bool driver_given = false;    // the driver's pod template sizes it, not Spark
  bool through_shell = false;   // maps of settings reach Spark by a shell (see shell_word.h)
  // What Spark takes the application for. `spec` is at layout.spec.
  policy::Language (*language)(JsonView spec, std::string_view pointer, Mistake& mistake);
};

inline constexpr std::string_view kHadoopPrefix = "spark.hadoop.";

class ApplicationLayout {
 public:
  explicit ApplicationLayout(const LayoutParts& parts);
  ApplicationLayout(const ApplicationLayout&) = delete;
  ApplicationLayout& operator=(const ApplicationLayout&) = delete;

  const LayoutParts& parts() const { return parts_; }
  const RoleLayout& driver() const { return parts_.driver; }
  const RoleLayout& executor() const { return parts_.executor; }

  // Every number of such an object that decides a size or a setting, where it really stands.
  std::span<const Field> fields() const { return fields_; }
  // Whether a field is kept under this key.
  bool IsFieldSetting(std::string_view key) const;

  // JSON pointers; of what the kind does not have, empty.
  const std::string& spec() const { return spec_; }
  const std::string& conf() const { return conf_; }
  const std::string& hadoop_conf() const { return hadoop_conf_; }
  const std::string& dynamic() const { return dynamic_; }

  // The setting that the operator makes of a key of hadoopConf.
  std::string HadoopSetting(std::string_view key) const;

 private:
  LayoutParts parts_;
  std::deque<std::string> pointers_;  // that fields_ view
  std::vector<Field> fields_;
  policy::KeyIndex keys_;
  std::string spec_, conf_, hadoop_conf_, dynamic_;
};

}  // namespace ballast::k8s
