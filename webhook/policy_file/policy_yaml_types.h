// Reads the parts of a policy that are maps and lists: selectors, tolerations, node pools and such.
// Each reader reports every mistake and gives what it could read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/capacity.h"
#include "policy/labels.h"
#include "policy/policy.h"
#include "policy/workload.h"
#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {

policy::LabelSelector ReadSelector(const YamlNode& node, std::string_view path, Mistakes& mistakes);
policy::Taint ReadTaint(const YamlNode& node, std::string_view path, Mistakes& mistakes);
policy::Labels ReadLabels(const YamlNode& node, std::string_view path, Mistakes& mistakes);
std::vector<policy::Toleration> ReadTolerations(const YamlNode& node, std::string_view path,
                                                Mistakes& mistakes);
policy::PodExtras ReadSidecars(const YamlNode& node, std::string_view path, Mistakes& mistakes);
policy::Reserve ReadReserve(const YamlNode& node, std::string_view path, Mistakes& mistakes);
std::vector<policy::NodeClass> ReadNodePools(const YamlNode& node, std::string_view path,
                                             Mistakes& mistakes);
// Ids of rules that exceptions may lift: known ones that state no fact.
std::vector<std::string> ReadLiftableRules(const YamlNode& node, std::string_view path,
                                           Mistakes& mistakes);
std::map<std::string, policy::Mode, std::less<>> ReadRuleModes(const YamlNode& node,
                                                               std::string_view path,
                                                               Mistakes& mistakes);
// In policy_yaml_settings.cc.
std::map<std::string, policy::SettingRule, std::less<>> ReadSettings(const YamlNode& node,
                                                                     std::string_view path,
                                                                     Mistakes& mistakes);

}  // namespace ballast::webhook
