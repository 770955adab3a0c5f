#include "webhook/policy_file/yaml_mistakes.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "webhook/policy_file/near_word.h"

namespace ballast::webhook {
namespace {

constexpr size_t kMostTold = 100;

std::string_view NameOf(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "";
}

void WrongKind(const YamlNode& node, std::string_view path, std::string_view takes,
               Mistakes& mistakes) {
  mistakes.Add(node, std::string(path) + " takes " + std::string(takes) + ", not " +
                         std::string(NameOf(node.kind)));
}

}  // namespace

void Mistakes::Add(const YamlNode& at, std::string what) {
  found_.push_back({at.line, at.column, std::move(what)});
}

void Mistakes::Add(const YamlNode& at, std::string_view path, const policy::Error& error) {
  Add(at, std::string(path) + ": " + error.what);
}

std::vector<Mistakes::Found> Mistakes::TakeFound() {
  std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  std::vector<Found> told = std::exchange(found_, {});
  if (told.size() > kMostTold) {
    const size_t more = told.size() - kMostTold;
    told.resize(kMostTold + 1);
    told.back().what = "and " + std::to_string(more) + " more from here on";
  }
  return told;
}

std::vector<policy::Error> Mistakes::Take() {
  std::vector<policy::Error> told;
  for (Found& found : TakeFound()) {
    told.push_back({file_ + ":" + std::to_string(found.line) + ":" + std::to_string(found.column),
                    std::move(found.what)});
  }
  return told;
}

const std::string* ScalarText(const YamlNode& node, std::string_view path, std::string_view takes,
                              Mistakes& mistakes) {
  if (node.kind == YamlNode::Kind::kScalar) return &node.text;
  if (node.kind == YamlNode::Kind::kNull) {
    mistakes.Add(node, std::string(path) + " has no value; write " + std::string(takes) +
                           ", or leave the key out");
  } else {
    WrongKind(node, path, takes, mistakes);
  }
  return nullptr;
}

bool ExpectMap(const YamlNode& node, std::string_view path, std::string_view takes,
               Mistakes& mistakes) {
  if (node.kind == YamlNode::Kind::kMap || node.kind == YamlNode::Kind::kNull) return true;
  WrongKind(node, path, takes, mistakes);
  return false;
}

bool ExpectList(const YamlNode& node, std::string_view path, std::string_view takes,
                Mistakes& mistakes) {
  if (node.kind == YamlNode::Kind::kList || node.kind == YamlNode::Kind::kNull) return true;
  WrongKind(node, path, takes, mistakes);
  return false;
}

std::string Suggestion(std::string_view written, std::span<const std::string_view> known) {
  if (std::string meant = DidYouMean(written, known); !meant.empty()) return meant;
  constexpr size_t kMostListed = 12;
  if (known.empty() || known.size() > kMostListed) return "";
  return "; known here: " + Enumerated(known);
}

void CheckKeysOnce(const YamlNode& map, std::string_view path, Mistakes& mistakes) {
  std::map<std::string_view, const YamlNode*> seen;
  for (const YamlNode& key : map.keys) {
    if (key.kind != YamlNode::Kind::kScalar) {
      mistakes.Add(key, (path.empty() ? "a key here" : "a key of " + std::string(path)) +
                            " is no text; write key: value");
      continue;
    }
    const auto [first, is_new] = seen.emplace(key.text, &key);
    if (!is_new) {
      mistakes.Add(key, Join(path, key.text) + " is written twice; the first is on line " +
                            std::to_string(first->second->line));
    }
  }
}

void CheckKeys(const YamlNode& map, std::string_view path, std::span<const std::string_view> known,
               Mistakes& mistakes) {
  CheckKeysOnce(map, path, mistakes);
  for (const YamlNode& key : map.keys) {
    if (key.kind != YamlNode::Kind::kScalar) continue;
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      mistakes.Add(key, Join(path, key.text) + " is not known" + Suggestion(key.text, known));
    }
  }
}

std::string Join(std::string_view path, std::string_view key) {
  std::string joined(path);
  if (!joined.empty()) joined += '.';
  return joined.append(key);
}

std::string Item(std::string_view path, size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

std::string TextOf(const YamlNode& map, std::string_view key, std::string_view path,
                   Mistakes& mistakes) {
  const YamlNode* node = map.Find(key);
  if (node == nullptr) return "";
  const std::string* text = ScalarText(*node, Join(path, key), "a text", mistakes);
  return text != nullptr ? *text : "";
}

std::vector<std::string> ReadTexts(const YamlNode& node, std::string_view path,
                                   std::string_view takes, Mistakes& mistakes) {
  std::vector<std::string> texts;
  if (!ExpectList(node, path, takes, mistakes)) return texts;
  for (size_t i = 0; i < node.values.size(); ++i) {
    const std::string* text = ScalarText(node.values[i], Item(path, i), "a text", mistakes);
    if (text != nullptr) texts.push_back(*text);
  }
  return texts;
}

}  // namespace ballast::webhook
