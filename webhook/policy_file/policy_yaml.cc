#include "webhook/policy_file/policy_yaml.h"

#include <map>
#include <utility>

#include "policy/policy_values.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/policy_file/policy_yaml_exception.h"
#include "webhook/policy_file/policy_yaml_spec.h"
#include "webhook/policy_file/policy_yaml_types.h"
#include "webhook/policy_file/yaml_mistakes.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {
namespace {

using policy::Policy;
using policy::PolicyException;

constexpr std::string_view kApiVersion = kPolicyApiVersion;
constexpr size_t kMostPolicies = 1000;

// A lower-case DNS name, as Kubernetes wants an object's name.
bool IsObjectName(std::string_view name) {
  constexpr size_t kLongest = 253;
  if (name.empty() || name.size() > kLongest) return false;
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  for (const char c : name) {
    if (!is_alphanumeric(c) && c != '-' && c != '.') return false;
  }
  return is_alphanumeric(name.front()) && is_alphanumeric(name.back());
}

// What metadata says, of either kind.
struct Metadata {
  std::string name;
  std::string namespace_name;
  std::string requester;
  int64_t generation = 0;
  int64_t created_seconds = 0;
  const YamlNode* name_node = nullptr;
};

Metadata ReadMetadata(const YamlNode& document, Mistakes& mistakes) {
  static constexpr std::string_view kKeys[] = {
      "name",          "namespace",       "labels",           "annotations",
      "generation",    "generateName",    "finalizers",       "creationTimestamp",
      "managedFields", "ownerReferences", "selfLink",         "deletionGracePeriodSeconds",
      "uid",           "resourceVersion", "deletionTimestamp"};
  Metadata metadata;
  const YamlNode* node = document.Find("metadata");
  if (node == nullptr) {
    mistakes.Add(document, "metadata is missing; write metadata: {name: default}");
    return metadata;
  }
  if (!ExpectMap(*node, "metadata", "a map {name}", mistakes)) return metadata;
  CheckKeys(*node, "metadata", kKeys, mistakes);
  metadata.name_node = node->Find("name");
  if (metadata.name_node == nullptr) {
    mistakes.Add(*node, "metadata.name is missing");
  } else {
    metadata.name = TextOf(*node, "name", "metadata", mistakes);
    if (!IsObjectName(metadata.name) && metadata.name_node->kind == YamlNode::Kind::kScalar) {
      mistakes.Add(*metadata.name_node, "metadata.name is '" + metadata.name +
                                            "'; write small letters, digits, '-' and '.'");
    }
  }
  metadata.namespace_name = TextOf(*node, "namespace", "metadata", mistakes);
  metadata.generation = ValueOf(
      *node, "generation", "metadata", "a whole number",
      [](std::string_view text) { return policy::ReadWhole(text, 0, INT64_MAX); }, int64_t{0},
      mistakes);
  if (const YamlNode* created = node->Find("creationTimestamp");
      created != nullptr && created->kind != YamlNode::Kind::kNull) {
    metadata.created_seconds =
        ValueOf(*node, "creationTimestamp", "metadata", "a date", ReadMoment, int64_t{0}, mistakes);
  }
  if (const YamlNode* annotations = node->Find("annotations")) {
    metadata.requester =
        TextOf(*annotations, "ballast.dev/requester", "metadata.annotations", mistakes);
  }
  return metadata;
}

// One file while it is read.
class FileReader {
 public:
  FileReader(PolicyFile& result, Mistakes& mistakes) : result_(result), mistakes_(mistakes) {}

  void ReadDocument(const YamlNode& document) {
    if (document.kind != YamlNode::Kind::kMap) {
      mistakes_.Add(document, "a policy is a map that begins with apiVersion and kind");
      return;
    }
    const std::string kind = TextOf(document, "kind", "", mistakes_);
    if (kind == "List" || kind == "SparkResourcePolicyList" || kind == "SparkPolicyExceptionList") {
      ReadItems(document);
      return;
    }
    if (!CheckKind(document, kind)) return;
    static constexpr std::string_view kKeys[] = {"apiVersion", "kind", "metadata", "spec",
                                                 "status"};
    CheckKeys(document, "", kKeys, mistakes_);
    const YamlNode* spec = document.Find("spec");
    if (spec == nullptr) mistakes_.Add(document, "spec is missing");
    const Metadata metadata = ReadMetadata(document, mistakes_);
    if (kind == kPolicyKind) {
      AddPolicy(metadata, spec);
    } else {
      AddException(metadata, spec);
    }
  }

 private:
  // As `kubectl get -o yaml` prints several. A list in a list is no document.
  void ReadItems(const YamlNode& list) {
    const YamlNode* items = list.Find("items");
    if (items == nullptr || items->kind != YamlNode::Kind::kList) {
      mistakes_.Add(list, "a List needs items");
      return;
    }
    for (const YamlNode& item : items->values) {
      const YamlNode* kind = item.Find("kind");
      if (kind != nullptr && kind->text.ends_with("List")) {
        mistakes_.Add(item, "a List in a List");
      } else {
        ReadDocument(item);
      }
    }
  }

  bool CheckKind(const YamlNode& document, const std::string& kind) {
    const YamlNode* version = document.Find("apiVersion");
    const YamlNode* kind_node = document.Find("kind");
    if (version == nullptr) {
      mistakes_.Add(document, "apiVersion is missing; write " + std::string(kApiVersion));
    } else if (version->text != kApiVersion) {
      mistakes_.Add(*version,
                    "apiVersion is '" + version->text + "'; write " + std::string(kApiVersion));
    }
    if (kind == kPolicyKind || kind == kExceptionKind) return true;
    const std::string write =
        "write " + std::string(kPolicyKind) + " or " + std::string(kExceptionKind);
    if (kind_node == nullptr) {
      mistakes_.Add(document, "kind is missing; " + write);
    } else if (kind_node->kind == YamlNode::Kind::kScalar) {
      mistakes_.Add(*kind_node, "kind is '" + kind + "'; " + write);
    }
    return false;
  }

  // Whether this name comes up for the first time.
  void CheckName(const std::string& key, const Metadata& metadata, std::string_view what) {
    if (metadata.name_node == nullptr) return;
    const auto [first, is_new] = names_.emplace(key, metadata.name_node->line);
    if (!is_new) {
      mistakes_.Add(*metadata.name_node, "a second " + std::string(what) + " '" + metadata.name +
                                             "'; the first is on line " +
                                             std::to_string(first->second));
    }
  }

  void AddPolicy(const Metadata& metadata, const YamlNode* spec) {
    CheckName(metadata.name, metadata, "policy");
    if (metadata.name == policy::kBuiltInName) {
      mistakes_.Add(*metadata.name_node,
                    "metadata.name is 'built-in', the name of what stands "
                    "behind all policies; choose another");
    }
    if (!metadata.namespace_name.empty()) {
      mistakes_.Add(*metadata.name_node,
                    "metadata.namespace: a policy is for the whole cluster; "
                    "narrow it with spec.namespaceSelector");
    }
    Policy policy;
    policy.name = metadata.name;
    policy.generation = metadata.generation;
    if (spec != nullptr) ReadPolicySpec(*spec, policy, mistakes_);
    if (result_.policies.size() < kMostPolicies) {
      result_.policies.push_back(std::move(policy));
    } else if (metadata.name_node != nullptr) {
      mistakes_.Add(*metadata.name_node, "more than 1000 policies");
    }
  }

  void AddException(const Metadata& metadata, const YamlNode* spec) {
    PolicyException exception;
    exception.name = metadata.name;
    exception.namespace_name =
        metadata.namespace_name.empty() ? "default" : metadata.namespace_name;
    exception.requester = metadata.requester;
    exception.created_seconds = metadata.created_seconds;
    CheckName(exception.namespace_name + "/" + metadata.name, metadata, "exception");
    if (spec != nullptr) ReadExceptionSpec(*spec, exception, mistakes_);
    result_.exceptions.push_back(std::move(exception));
  }

  PolicyFile& result_;
  Mistakes& mistakes_;
  std::map<std::string, int> names_;  // -> the line of the first; exceptions as namespace/name
};

}  // namespace

std::variant<PolicyFile, std::vector<policy::Error>> ReadPolicyFile(std::string_view text,
                                                                    const std::string& file) {
  policy::Result<std::vector<YamlNode>> documents = ReadYaml(text, file);
  if (!documents.ok()) return std::vector<policy::Error>{documents.error()};
  PolicyFile result;
  Mistakes mistakes(file);
  FileReader reader(result, mistakes);
  for (const YamlNode& document : *documents) reader.ReadDocument(document);
  if (documents->empty()) {
    mistakes.Add(YamlNode{}, "there is no policy in this file");
  }
  if (!mistakes.empty()) return mistakes.Take();
  return result;
}

void ReadPolicyDocument(const YamlNode& document, PolicyFile& result, Mistakes& mistakes) {
  FileReader(result, mistakes).ReadDocument(document);
}

}  // namespace ballast::webhook
