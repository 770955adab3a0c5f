#include "k8s/kinds/application_layout.h"

namespace ballast::k8s {
namespace {

constexpr std::string_view kTableSpec = "/spec";

}  // namespace

ApplicationLayout::ApplicationLayout(const LayoutParts& parts)
    : parts_(parts),
      keys_(parts.fields.size() + parts.dynamic_fields.size()),
      spec_(parts.spec),
      conf_(spec_ + "/sparkConf"),
      hadoop_conf_(parts.has_hadoop_conf ? spec_ + "/hadoopConf" : ""),
      dynamic_(parts.dynamic_fields.empty() ? "" : spec_ + "/dynamicAllocation") {
  for (RoleLayout* role : {&parts_.driver, &parts_.executor}) {
    role->pointer = spec_ + "/" + std::string(role->member);
  }
  fields_.reserve(parts.fields.size() + parts.dynamic_fields.size());
  for (const std::span<const Field> table : {parts.fields, parts.dynamic_fields}) {
    for (const Field& field : table) {
      keys_.Add(field.key, fields_.size());
      Field& placed = fields_.emplace_back(field);
      if (spec_ == kTableSpec) continue;
      placed.pointer =
          pointers_.emplace_back(spec_ + std::string(field.pointer.substr(kTableSpec.size())));
    }
  }
}

std::string ApplicationLayout::HadoopSetting(std::string_view key) const {
  const bool whole = parts_.hadoop_keys_may_be_whole && key.starts_with(kHadoopPrefix);
  return std::string(whole ? std::string_view() : kHadoopPrefix).append(key);
}

bool ApplicationLayout::IsFieldSetting(std::string_view key) const {
  return !fields_.empty() &&
         keys_.Find(key, [&](size_t i) { return fields_[i].key == key; }).has_value();
}

}  // namespace ballast::k8s
