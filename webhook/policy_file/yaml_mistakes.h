// Collects what is wrong in a YAML tree, all of it, and the questions that every reader asks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/result.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {

// The mistakes of one file. Not for use by several threads at once.
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}

  void Add(const YamlNode& at, std::string what);
  // "limits.heap: " + what the codec said about the value.
  void Add(const YamlNode& at, std::string_view path, const policy::Error& error);

  bool empty() const { return found_.empty(); }
  // In the order of the text; after the first hundred only how many more there are.
  std::vector<policy::Error> Take();

  struct Found {
    int line;
    int column;
    std::string what;
  };
  // The same with the places as numbers.
  std::vector<Found> TakeFound();

 private:
  std::string file_;
  std::vector<Found> found_;
};

// The text of a single value, or nullptr after a mistake. `takes` says what is written there.
const std::string* ScalarText(const YamlNode& node, std::string_view path, std::string_view takes,
                              Mistakes& mistakes);
// Whether it is a map; one that is left empty counts as one without keys. Otherwise a mistake.
bool ExpectMap(const YamlNode& node, std::string_view path, std::string_view takes,
               Mistakes& mistakes);
bool ExpectList(const YamlNode& node, std::string_view path, std::string_view takes,
                Mistakes& mistakes);
// Reports keys that are not among `known`, keys written twice and keys that are no text.
void CheckKeys(const YamlNode& map, std::string_view path, std::span<const std::string_view> known,
               Mistakes& mistakes);
// The same where any key may stand.
void CheckKeysOnce(const YamlNode& map, std::string_view path, Mistakes& mistakes);
// "; did you mean heap?", or what is known there, or nothing where that would be long.
std::string Suggestion(std::string_view written, std::span<const std::string_view> known);
// "limits.executor" + "heap"; the key alone where there is no path.
std::string Join(std::string_view path, std::string_view key);
// "taints[2]".
std::string Item(std::string_view path, size_t index);

// The text under a key, or empty where the key is not there (or has a mistake).
std::string TextOf(const YamlNode& map, std::string_view key, std::string_view path,
                   Mistakes& mistakes);
// The elements of a list of texts.
std::vector<std::string> ReadTexts(const YamlNode& node, std::string_view path,
                                   std::string_view takes, Mistakes& mistakes);

// As a codec reads it; `fallback` where the key is not there or has a mistake.
template <typename T, typename Read>
T ValueOf(const YamlNode& map, std::string_view key, std::string_view path, std::string_view takes,
          Read read, T fallback, Mistakes& mistakes) {
  const YamlNode* node = map.Find(key);
  if (node == nullptr) return fallback;
  const std::string value_path = Join(path, key);
  const std::string* text = ScalarText(*node, value_path, takes, mistakes);
  if (text == nullptr) return fallback;
  const policy::Result<T> value = read(*text);
  if (value.ok()) return *value;
  mistakes.Add(*node, value_path, value.error());
  return fallback;
}

}  // namespace ballast::webhook
