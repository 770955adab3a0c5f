#include "webhook/yaml_tree.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <utility>

#include "webhook/terminal.h"

namespace ballast::webhook {
namespace {

using policy::Error;
using policy::Result;

constexpr size_t kMostBytes = 1 << 20;
constexpr int kMostLevels = 64;
constexpr int kMostNodes = 100'000;

std::string Place(const std::string& file, int line, int column) {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string TooDeep() { return "nested deeper than " + std::to_string(kMostLevels) + " levels"; }

// Copies the library's tree. An alias is the same node again, so a bomb is a tree that never ends:
// it is copied up to the bounds and no further.
class Copier {
 public:
  explicit Copier(const std::string& file) : file_(file) {}

  Result<YamlNode> Copy(const YAML::Node& from, int level) {
    YamlNode to;
    const YAML::Mark mark = from.Mark();
    if (!mark.is_null()) {
      to.line = mark.line + 1;
      to.column = mark.column + 1;
    }
    if (level > kMostLevels) {
      return Error{Place(file_, to.line, to.column), TooDeep()};
    }
    if (++nodes_ > kMostNodes) {
      return Error{Place(file_, to.line, to.column),
                   "more than 100000 values, aliases (*name) counted as what they stand for"};
    }
    Result<bool> children = true;
    if (from.IsScalar()) {
      to.kind = YamlNode::Kind::kScalar;
      to.text = from.Scalar();
      to.quoted = from.Tag() == "!";
    } else if (from.IsSequence()) {
      to.kind = YamlNode::Kind::kList;
      children = CopyList(from, level, to);
    } else if (from.IsMap()) {
      to.kind = YamlNode::Kind::kMap;
      children = CopyMap(from, level, to);
    }
    if (!children.ok()) return children.error();
    return to;
  }

 private:
  Result<bool> Append(const YAML::Node& from, int level, std::vector<YamlNode>& to) {
    Result<YamlNode> copy = Copy(from, level + 1);
    if (!copy.ok()) return copy.error();
    to.push_back(std::move(copy).value());
    return true;
  }

  Result<bool> CopyList(const YAML::Node& from, int level, YamlNode& to) {
    for (const auto& element : from) {
      if (Result<bool> done = Append(element, level, to.values); !done.ok()) return done;
    }
    return true;
  }

  Result<bool> CopyMap(const YAML::Node& from, int level, YamlNode& to) {
    for (const auto& entry : from) {
      if (Result<bool> done = Append(entry.first, level, to.keys); !done.ok()) return done;
      if (Result<bool> done = Append(entry.second, level, to.values); !done.ok()) return done;
      // Where nothing is written, the key is the place to look at.
      if (YamlNode& value = to.values.back(); value.kind == YamlNode::Kind::kNull) {
        value.line = to.keys.back().line;
        value.column = to.keys.back().column;
      }
    }
    return true;
  }

  const std::string& file_;
  int nodes_ = 0;
};

// The line with this number (from 0) without its end; empty past the end.
std::string_view LineOf(std::string_view text, int64_t line) {
  for (; line > 0; --line) {
    const size_t newline = text.find('\n');
    if (newline == std::string_view::npos) return "";
    text.remove_prefix(newline + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// The library's few words, said so that somebody knows what to look for.
std::string Explain(const std::string& message, std::string_view line) {
  static constexpr std::pair<std::string_view, std::string_view> kRemedies[] = {
      {YAML::ErrorMsg::END_OF_MAP, "the indentation fits no map above it"},
      {YAML::ErrorMsg::END_OF_SEQ, "the indentation fits no list above it"},
      {YAML::ErrorMsg::END_OF_MAP_FLOW, "a { is not closed, or a comma is missing"},
      {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a [ is not closed, or a comma is missing"},
      {YAML::ErrorMsg::MAP_VALUE, "no value may stand here; put a text with ': ' in quotes"},
      {YAML::ErrorMsg::UNKNOWN_TOKEN, "put a text that begins with this character in quotes"},
      {YAML::ErrorMsg::EOF_IN_SCALAR, "a quote is not closed"},
      {YAML::ErrorMsg::UNKNOWN_ANCHOR, "an alias (*name) without its anchor (&name) before it"}};
  const size_t indentation = std::min(line.find_first_not_of(" \t"), line.size());
  if (line.substr(0, indentation).find('\t') != std::string_view::npos) {
    return "not YAML: indented with a tab; write blanks";
  }
  for (const auto& [said, remedy] : kRemedies) {
    if (message == said) return "not YAML: " + std::string(remedy);
  }
  return "not YAML: " + message;
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &values[i];
  }
  return nullptr;
}

std::string PlaceOf(const std::string& file, const YamlNode& node) {
  return Place(file, node.line, node.column);
}

Result<std::vector<YamlNode>> ReadYaml(std::string_view text, const std::string& file) {
  if (text.size() > kMostBytes) {
    return Error{Place(file, 1, 1), "larger than 1 MiB, which no policy needs"};
  }
  try {
    std::vector<YamlNode> documents;
    Copier copier(file);
    for (const YAML::Node& document : YAML::LoadAll(std::string(text))) {
      if (document.IsNull()) continue;
      Result<YamlNode> copy = copier.Copy(document, 1);
      if (!copy.ok()) return copy.error();
      documents.push_back(std::move(copy).value());
    }
    return documents;
  } catch (const YAML::DeepRecursion&) {
    return Error{Place(file, 1, 1), TooDeep()};
  } catch (const YAML::Exception& exception) {
    const YAML::Mark mark = exception.mark.is_null() ? YAML::Mark() : exception.mark;
    return Error{Place(file, mark.line + 1, mark.column + 1),
                 Explain(exception.msg, LineOf(text, mark.line))};
  } catch (const std::exception& exception) {
    return Error{Place(file, 1, 1), Explain(exception.what(), "")};
  }
}

std::string Excerpt(std::string_view text, std::string_view place) {
  const size_t last = place.rfind(':');
  if (last == std::string_view::npos || last == 0) return "";
  const size_t before = place.rfind(':', last - 1);
  if (before == std::string_view::npos) return "";
  int64_t line = 0;
  int64_t column = 0;
  std::from_chars(place.data() + before + 1, place.data() + last, line);
  std::from_chars(place.data() + last + 1, place.data() + place.size(), column);
  if (line < 1 || column < 1) return "";

  if (line > 1 + std::count(text.begin(), text.end(), '\n')) return "";
  std::string_view shown = LineOf(text, line - 1);
  constexpr size_t kMostShown = 160;
  if (shown.size() > kMostShown || static_cast<size_t>(column) > shown.size() + 1) {
    shown = shown.substr(0, kMostShown);
  }
  const std::string number = std::to_string(line);
  std::string excerpt = "  " + number + " | " + std::string(shown) + "\n";
  if (static_cast<size_t>(column) > shown.size() + 1) return excerpt;
  // The column counts characters as the library does: bytes.
  const size_t seen = SeenWidth(shown.substr(0, static_cast<size_t>(column) - 1));
  return excerpt + std::string(number.size() + 2, ' ') + " | " + std::string(seen, ' ') + "^\n";
}

}  // namespace ballast::webhook
