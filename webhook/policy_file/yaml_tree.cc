#include "webhook/policy_file/yaml_tree.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include "k8s/yaml_text.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

using policy::Error;
using policy::Result;

constexpr size_t kMostBytes = 1 << 20;
constexpr size_t kMostLevels = 64;
constexpr size_t kMostValues = 100'000;

std::string Place(const std::string& file, int line, int column) {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string TooDeep() { return "nested deeper than " + std::to_string(kMostLevels) + " levels"; }

// A mistake of the text; thrown through the library's parser, caught in this file.
struct Problem {
  int line;
  int column;
  std::string what;
};

// Builds one tree from the parser's events. The library's own tree is not used: its loader makes
// documents without end of a text such as ",".
class Builder : public YAML::EventHandler {
 public:
  // The root of the document that ended; what comes next is another one.
  YamlNode Take() { return std::exchange(root_, YamlNode()); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (mark.pos == last_start_) Fail(mark, "not YAML: no value may begin with this character");
    last_start_ = mark.pos;
    anchors_.clear();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node = At(mark);
    // Where nothing is written, the key is the place to look at.
    if (!open_.empty() && open_.back().keys.size() > open_.back().values.size()) {
      node.line = open_.back().keys.back().line;
      node.column = open_.back().keys.back().column;
    }
    Add(std::move(node), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!k8s::IsUtf8(value)) Fail(mark, std::string(k8s::kNoUtf8Scalar));
    YamlNode node = At(mark);
    node.kind = YamlNode::Kind::kScalar;
    node.text = value;
    node.quoted = tag == "!";
    Add(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) Fail(mark, "an alias inside what it stands for");
    Count(mark.line + 1, mark.column + 1, Values(found->second));
    if (open_.size() + Levels(found->second) > kMostLevels) Fail(mark, TooDeep());
    Add(found->second, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(mark, anchor, YamlNode::Kind::kList);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(mark, anchor, YamlNode::Kind::kMap);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

 private:
  [[noreturn]] static void Fail(const YAML::Mark& mark, std::string what) {
    throw Problem{mark.line + 1, mark.column + 1, std::move(what)};
  }

  static size_t Values(const YamlNode& node) {
    size_t values = 1;
    for (const YamlNode& key : node.keys) values += Values(key);
    for (const YamlNode& value : node.values) values += Values(value);
    return values;
  }
  static size_t Levels(const YamlNode& node) {
    size_t below = 0;
    for (const YamlNode& key : node.keys) below = std::max(below, Levels(key));
    for (const YamlNode& value : node.values) below = std::max(below, Levels(value));
    return below + 1;
  }

  // Aliases of aliases grow without bound where nobody counts.
  void Count(int line, int column, size_t values) {
    values_ += values;
    if (values_ > kMostValues) {
      throw Problem{line, column,
                    "more than 100000 values, aliases (*name) counted as what they stand for"};
    }
  }

  YamlNode At(const YAML::Mark& mark) {
    Count(mark.line + 1, mark.column + 1, 1);
    YamlNode node;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void Begin(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
    if (open_.size() >= kMostLevels) Fail(mark, TooDeep());
    YamlNode node = At(mark);
    node.kind = kind;
    open_.push_back(std::move(node));
    open_anchors_.push_back(anchor);
  }

  void End() {
    YamlNode node = std::move(open_.back());
    const YAML::anchor_t anchor = open_anchors_.back();
    open_.pop_back();
    open_anchors_.pop_back();
    Add(std::move(node), anchor);
  }

  // A key, the value of the last key, an element, or the root.
  void Add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      Count(node.line, node.column, Values(node));
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back();
    const bool is_key =
        parent.kind == YamlNode::Kind::kMap && parent.keys.size() == parent.values.size();
    (is_key ? parent.keys : parent.values).push_back(std::move(node));
  }

  YamlNode root_;
  std::vector<YamlNode> open_;
  std::vector<YAML::anchor_t> open_anchors_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  size_t values_ = 0;
  int last_start_ = -1;
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
  static const std::pair<std::string_view, std::string_view> kRemedies[] = {
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
  if (const auto bad = k8s::FindBadText(text)) {
    return Error{Place(file, bad->place.line, bad->place.column), std::string(bad->what)};
  }
  try {
    std::vector<YamlNode> documents;
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    Builder builder;
    while (parser.HandleNextDocument(builder)) {
      YamlNode document = builder.Take();
      if (document.kind != YamlNode::Kind::kNull) documents.push_back(std::move(document));
    }
    return documents;
  } catch (const Problem& problem) {
    return Error{Place(file, problem.line, problem.column), problem.what};
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
