#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/manifest_reader.h"
#include "k8s/patch.h"
#include "k8s/placeholders.h"
#include "k8s/yaml_scalar.h"
#include "k8s/yaml_text.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;
using YAML::Mark;

// How much all anchors and aliases of a text together may copy, in bytes as counted by Weight.
constexpr size_t kMostCopied = 4 << 20;
constexpr size_t kMostDocuments = 65536;

// A mistake of the text; thrown through yaml-cpp's parser, caught in this file.
struct Problem {
  SourcePlace place;
  std::string what;
};

SourcePlace PlaceOf(const Mark& mark) { return {mark.line + 1, mark.column + 1}; }

// The room that a value takes, roughly.
size_t Weight(const json& value) {
  size_t weight = sizeof(json);
  if (value.is_string()) weight += value.get_ref<const std::string&>().size();
  if (value.is_structured()) {
    for (auto it = value.begin(); it != value.end(); ++it) {
      weight += Weight(*it) + (value.is_object() ? it.key().size() + 64 : 0);
    }
  }
  return weight;
}

// Builds one document from the parser's events.
class Builder : public YAML::EventHandler {
 public:
  Builder(size_t& copied, int& last_start) : copied_(copied), last_start_(last_start) {}

  ManifestDocument Take() && { return std::move(document_); }

  // The parser gives documents without end where it cannot pass a character.
  void OnDocumentStart(const Mark& mark) override {
    if (mark.pos == last_start_) Fail(mark, "is not valid YAML: no value begins like this");
    last_start_ = mark.pos;
    document_.places.emplace("", PlaceOf(mark));
  }
  void OnDocumentEnd() override {}

  void OnNull(const Mark& mark, YAML::anchor_t anchor) override {
    Add(mark, anchor, json(), "null");
  }
  void OnScalar(const Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!IsUtf8(value)) Fail(mark, std::string(kNoUtf8Scalar));
    Add(mark, anchor, Resolve(mark, tag, value), value, tag == "?");
  }
  void OnAlias(const Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) Fail(mark, "an alias inside what it stands for");
    Count(mark, found->second);
    Add(mark, 0, found->second, {});
  }
  void OnSequenceStart(const Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(mark, anchor, json::array());
  }
  void OnMapStart(const Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(mark, anchor, json::object());
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

 private:
  struct Open {
    json value;
    YAML::anchor_t anchor = 0;
    size_t pointer_size = 0;  // of the container's own pointer
    bool has_key = false;
    bool merges = false;  // the key is <<
    std::string key = {};
    std::vector<json> merged = {};
    Mark mark = {};
    Mark key_mark = {};
  };

  [[noreturn]] static void Fail(const Mark& mark, std::string what) {
    throw Problem{PlaceOf(mark), std::move(what)};
  }

  static json Resolve(const Mark& mark, const std::string& tag, const std::string& value) {
    constexpr std::string_view kCore = "tag:yaml.org,2002:";
    const bool core = tag.starts_with(kCore);
    const std::string_view type = core ? std::string_view(tag).substr(kCore.size()) : tag;
    if (tag != "?" && (!core || type == "str")) return value;
    if (type == "binary") Fail(mark, "binary values are not read: write the text itself");
    auto resolved = ResolvePlainScalar(value);
    if (!resolved) Fail(mark, value + " has no place in JSON: write a number");
    return std::move(*resolved);
  }

  // Aliases of aliases grow without bound where nobody counts.
  void Count(const Mark& mark, const json& value) {
    copied_ += Weight(value);
    if (copied_ > kMostCopied) Fail(mark, "aliases copy more than 4 MiB: write the values out");
  }

  void Remember(const Mark& mark, YAML::anchor_t anchor, const json& value) {
    Count(mark, value);
    anchors_[anchor] = value;
  }

  // A key, or the value of the last key, or an element.
  void Add(const Mark& mark, YAML::anchor_t anchor, json value, const std::string& text,
           bool plain = false) {
    if (anchor != 0) Remember(mark, anchor, value);
    if (ExpectsKey()) {
      TakeKey(mark, value, plain && text == "<<");
      return;
    }
    EnterValue(mark);
    Attach(std::move(value));
  }

  bool ExpectsKey() const {
    return !open_.empty() && open_.back().value.is_object() && !open_.back().has_key;
  }

  void TakeKey(const Mark& mark, const json& key, bool merges) {
    Open& open = open_.back();
    if (key.is_structured() || key.is_null()) Fail(mark, "a key must be text");
    open.key = TextOrJson(key);
    open.key_mark = mark;
    open.merges = merges;
    open.has_key = true;
    if (!merges && open.value.contains(open.key)) {
      Fail(mark, "the key \"" + open.key + "\" is there twice: keep one of them");
    }
  }

  // Sets pointer_ to the value that comes now and notes its place; where it stands below its key,
  // the key's.
  void EnterValue(const Mark& mark) {
    Mark place = mark;
    if (!open_.empty()) {
      const Open& open = open_.back();
      pointer_.resize(open.pointer_size);
      AppendToken(pointer_, open.value.is_object() ? open.key : std::to_string(open.value.size()));
      if (open.value.is_object() && open.key_mark.line < mark.line) place = open.key_mark;
    }
    document_.places.insert_or_assign(pointer_, PlaceOf(place));
  }

  void Begin(const Mark& mark, YAML::anchor_t anchor, json container) {
    if (ExpectsKey()) Fail(mark, "a key must be text");
    if (open_.size() >= kMostDepth) Fail(mark, "is nested deeper than 256 levels");
    EnterValue(mark);
    open_.push_back({std::move(container), anchor, pointer_.size()});
    open_.back().mark = mark;
  }

  void End() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    for (const json& merged : closed.merged) {
      // What the map itself says counts more, and earlier ones more than later ones.
      for (auto it = merged.begin(); it != merged.end(); ++it) {
        if (!closed.value.contains(it.key())) closed.value[it.key()] = *it;
      }
    }
    if (closed.anchor != 0) Remember(closed.mark, closed.anchor, closed.value);
    Attach(std::move(closed.value));
  }

  void Attach(json value) {
    if (open_.empty()) {
      document_.object = std::move(value);
      return;
    }
    Open& open = open_.back();
    if (open.value.is_array()) {
      open.value.push_back(std::move(value));
      return;
    }
    open.has_key = false;
    if (open.merges) {
      Merge(open, std::move(value));
    } else {
      open.value[open.key] = std::move(value);
    }
  }

  static void Merge(Open& open, json value) {
    std::vector<json> maps;
    if (value.is_array()) {
      for (json& element : value) maps.push_back(std::move(element));
    } else {
      maps.push_back(std::move(value));
    }
    for (json& map : maps) {
      if (!map.is_object()) Fail(open.mark, "<< needs a map, or a list of maps");
      open.merged.push_back(std::move(map));
    }
  }

  ManifestDocument document_;
  std::string pointer_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, json> anchors_;
  size_t& copied_;
  int& last_start_;  // of the document before
};

// Where lists, maps and texts do not end as they began.
std::string_view RemedyOf(const YAML::Exception& problem) {
  if (!problem.msg.starts_with("end of ")) return "";
  return ": look for a tab, a bracket or a quote that is not closed, or lines that are not "
         "indented "
         "alike";
}

policy::Result<Documents> Parse(std::string_view text, const std::string& file) {
  if (const auto bad = FindBadText(text)) {
    return policy::Error{PlaceText(file, bad->place), std::string(bad->what)};
  }
  Documents documents;
  size_t copied = 0;
  int last_start = -1;
  try {
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    while (true) {
      Builder builder(copied, last_start);
      if (!parser.HandleNextDocument(builder)) return documents;
      ManifestDocument document = std::move(builder).Take();
      if (document.object.is_null()) continue;
      if (documents.size() == kMostDocuments) {
        return policy::Error{file, "has more than 65536 documents: pass it in smaller parts"};
      }
      document.file = file;
      documents.push_back(std::move(document));
    }
  } catch (const Problem& problem) {
    return policy::Error{PlaceText(file, problem.place), problem.what};
  } catch (const YAML::Exception& problem) {
    return policy::Error{PlaceText(file, PlaceOf(problem.mark)),
                         "is not valid YAML: " + problem.msg + std::string(RemedyOf(problem))};
  }
}

}  // namespace

policy::Result<Documents> ReadYamlDocuments(std::string_view text, const std::string& file) {
  auto documents = Parse(text, file);
  if (documents.ok()) return documents;
  // A template whose placeholders are not filled in yet is still worth judging.
  if (const auto quoted = QuotePlaceholders(text)) {
    if (auto filled = Parse(*quoted, file); filled.ok()) return filled;
  }
  return documents;
}

}  // namespace ballast::k8s
