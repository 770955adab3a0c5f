#include "webhook/policy_file/policy_object.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using policy::Error;

constexpr size_t kMostLevels = 64;
constexpr size_t kMostValues = 100'000;

// Turns an object into the tree that a file would have given. A node's "line" is its number here,
// by which its path is found again.
class TreeMaker {
 public:
  YamlNode Map(std::string_view token) {
    YamlNode node = Begin(token);
    node.kind = YamlNode::Kind::kMap;
    return node;
  }

  void Add(YamlNode& map, std::string_view key, YamlNode value) {
    YamlNode name;
    name.kind = YamlNode::Kind::kScalar;
    name.line = value.line;
    name.text = key;
    map.keys.push_back(std::move(name));
    map.values.push_back(std::move(value));
  }

  YamlNode Text(std::string_view token, std::string_view text) {
    YamlNode node = Begin(token);
    node.kind = YamlNode::Kind::kScalar;
    node.quoted = true;
    node.text = text;
    Up();
    return node;
  }

  // Everything below; what is over the bounds is left out, and too_large says so.
  YamlNode Copy(std::string_view token, JsonView value) {
    YamlNode node = Begin(token);
    if (levels_ > kMostLevels || steps_.size() > kMostValues) {
      too_large_ = true;
    } else if (value.is_object()) {
      node.kind = YamlNode::Kind::kMap;
      value.ForEachMember([&](std::string_view key, JsonView member) {
        if (!too_large_) Add(node, key, Copy(key, member));
      });
    } else if (value.is_array()) {
      node.kind = YamlNode::Kind::kList;
      value.ForEachElement([&](JsonView element) {
        if (too_large_) return;
        node.values.push_back(Copy("[" + std::to_string(node.values.size()) + "]", element));
      });
    } else if (!value.is_null() && value.exists()) {
      node.kind = YamlNode::Kind::kScalar;
      SetScalar(node, value);
    }
    Up();
    return node;
  }

  void Up() {
    current_ = steps_[current_].parent;
    --levels_;
  }

  bool too_large() const { return too_large_; }

  // "spec.settings[2].key"; empty for the object itself.
  std::string PathOf(int line) const {
    std::string path;
    for (size_t at = static_cast<size_t>(line); at < steps_.size() && at != 0;
         at = steps_[at].parent) {
      const std::string& token = steps_[at].token;
      const bool dot = !path.empty() && path.front() != '[';
      path.insert(0, token + (dot ? "." : ""));
    }
    return path;
  }

 private:
  struct Step {
    size_t parent;
    std::string token;
  };

  YamlNode Begin(std::string_view token) {
    YamlNode node;
    node.line = static_cast<int>(steps_.size());
    steps_.push_back({current_, std::string(token)});
    current_ = steps_.size() - 1;
    ++levels_;
    return node;
  }

  static void SetScalar(YamlNode& node, JsonView value) {
    if (const auto text = value.string()) {
      node.text = *text;
      node.quoted = true;
    } else {
      node.text = k8s::PrintJson(value.Copy());  // a number, true or false
    }
  }

  std::vector<Step> steps_;
  size_t current_ = 0;
  size_t levels_ = 0;
  bool too_large_ = false;
};

YamlNode MetadataOf(TreeMaker& maker, JsonView metadata) {
  YamlNode node = maker.Map("metadata");
  for (const std::string_view key : {"name", "namespace", "generation", "creationTimestamp"}) {
    if (metadata[key].exists()) maker.Add(node, key, maker.Copy(key, metadata[key]));
  }
  // The API server makes the name of the prefix.
  if (!metadata["name"].exists() && metadata["generateName"].exists()) {
    maker.Add(node, "name", maker.Text("name", "generated"));
  }
  if (const auto requester = metadata["annotations"][kRequester].string()) {
    YamlNode annotations = maker.Map("annotations");
    maker.Add(annotations, kRequester, maker.Text(kRequester, *requester));
    maker.Up();
    maker.Add(node, "annotations", std::move(annotations));
  }
  maker.Up();
  return node;
}

// The readers name most places in their texts, from spec on: said twice it would be hard to read.
std::string WithoutPlace(std::string what, std::string_view path) {
  constexpr std::string_view kSpec = "spec.";
  if (path.starts_with(kSpec)) path.remove_prefix(kSpec.size());
  if (path.empty() || !what.starts_with(path) || what.size() <= path.size()) return what;
  std::string_view rest = std::string_view(what).substr(path.size());
  if (rest.starts_with(": ")) return std::string(rest.substr(2));
  if (rest.starts_with(' ')) return std::string(rest.substr(1));
  return what;
}

}  // namespace

bool IsPolicyKind(std::string_view api_version, std::string_view kind) {
  return (kind == kPolicyKind || kind == kExceptionKind) && api_version == kPolicyApiVersion;
}

std::variant<PolicyFile, std::vector<Error>> ReadPolicyObject(JsonView object,
                                                              std::string_view kind) {
  TreeMaker maker;
  YamlNode document = maker.Map("");
  maker.Add(document, "apiVersion", maker.Text("apiVersion", kPolicyApiVersion));
  maker.Add(document, "kind", maker.Text("kind", kind));
  maker.Add(document, "metadata", MetadataOf(maker, object["metadata"]));
  if (object["spec"].exists()) {
    maker.Add(document, "spec", maker.Copy("spec", object["spec"]));
  }
  if (maker.too_large()) {
    return std::vector<Error>{
        {"spec",
         "nested deeper than 64 levels, or more than 100000 values, which no policy needs"}};
  }
  PolicyFile result;
  Mistakes mistakes("");
  ReadPolicyDocument(document, result, mistakes);
  if (mistakes.empty()) return result;
  std::vector<Error> told;
  for (Mistakes::Found& found : mistakes.TakeFound()) {
    std::string path = maker.PathOf(found.line);
    std::string what = WithoutPlace(std::move(found.what), path);
    told.push_back({std::move(path), std::move(what)});
  }
  return told;
}

std::string JoinMistakes(const std::vector<Error>& mistakes, size_t most) {
  std::string text;
  for (size_t i = 0; i < mistakes.size(); ++i) {
    std::string one = i == 0 ? "" : "; ";
    if (!mistakes[i].where.empty()) one += mistakes[i].where + ": ";
    one += mistakes[i].what;
    if (text.size() + one.size() > most) {
      const std::string more = "and " + std::to_string(mistakes.size() - i) + " more";
      return text.empty() ? mistakes[i].where.substr(0, most) + ": is no good; " + more
                          : text + "; " + more;
    }
    text += one;
  }
  return text;
}

}  // namespace ballast::webhook
