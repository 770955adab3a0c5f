#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "k8s/manifest_reader.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;

constexpr std::string_view kBlank = " \t\r\n";

SourcePlace PlaceAt(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t line_start =
      before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {static_cast<int>(lines) + 1, static_cast<int>(offset - line_start) + 1};
}

// Past the closing quote of the string that begins at `at`; the end of the text if it is never
// closed.
size_t StringEnd(std::string_view text, size_t at) {
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// Past the object or list that begins at `at`, by its brackets alone. `deep` is where it is nested
// too deeply, if it is.
size_t ValueEnd(std::string_view text, size_t at, std::optional<size_t>& deep) {
  size_t depth = 0;
  for (size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      i = StringEnd(text, i) - 1;
    } else if (c == '{' || c == '[') {
      if (++depth > kMostDepth && !deep) deep = i;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return i + 1;
    }
    if (depth == 0) break;
  }
  return text.size();
}

// Walks over a text that is known to be one valid JSON value, and notes where every value begins.
class Walker {
 public:
  Walker(std::string_view text, size_t begin, ManifestDocument& document)
      : text_(text), at_(begin), counted_to_(0), document_(document) {}

  // The offset of a key that is there twice, if one is.
  std::optional<size_t> Walk(size_t end, std::string& key) {
    while (at_ < end) {
      const char c = text_[at_];
      if (c == '}' || c == ']') {
        open_.pop_back();
        ++at_;
      } else if (c == ',' || c == ':' || kBlank.find(c) != std::string_view::npos) {
        if (c == ',' && !open_.empty()) Next();
        ++at_;
      } else if (c == '"' && ExpectsKey()) {
        const size_t begin = at_;
        if (!TakeKey(key)) return begin;
      } else {
        Value(c);
      }
    }
    return std::nullopt;
  }

 private:
  struct Open {
    bool object = false;
    size_t pointer_size = 0;  // of the container's own pointer
    size_t index = 0;
    bool expects_key = false;
    std::unordered_set<std::string> keys = {};
  };

  bool ExpectsKey() const { return !open_.empty() && open_.back().expects_key; }

  void Next() {
    Open& open = open_.back();
    open.expects_key = open.object;
    ++open.index;
  }

  bool TakeKey(std::string& key) {
    const size_t end = StringEnd(text_, at_);
    key = json::parse(text_.substr(at_, end - at_)).get<std::string>();
    at_ = end;
    Open& open = open_.back();
    open.expects_key = false;
    pointer_.resize(open.pointer_size);
    AppendToken(pointer_, key);
    return open.keys.insert(key).second;
  }

  void Value(char c) {
    if (!open_.empty() && !open_.back().object) {
      pointer_.resize(open_.back().pointer_size);
      AppendToken(pointer_, std::to_string(open_.back().index));
    }
    document_.places.emplace(pointer_, Place());
    if (c == '{' || c == '[') {
      open_.push_back({c == '{', pointer_.size(), 0, c == '{'});
      ++at_;
    } else if (c == '"') {
      at_ = StringEnd(text_, at_);
    } else {
      at_ = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    }
  }

  // Counts lines from where it counted last.
  SourcePlace Place() {
    for (; counted_to_ < at_; ++counted_to_) {
      if (text_[counted_to_] == '\n') {
        ++line_;
        line_start_ = counted_to_ + 1;
      }
    }
    return {line_, static_cast<int>(at_ - line_start_) + 1};
  }

  std::string_view text_;
  size_t at_;
  size_t counted_to_;
  int line_ = 1;
  size_t line_start_ = 0;
  std::string pointer_;
  std::vector<Open> open_;
  ManifestDocument& document_;
};

// What nlohmann says, without its own place: ours counts from the file's first line.
std::string Reason(const std::string& what) {
  const size_t at = what.find("syntax error");
  return "is not valid JSON: " + (at == std::string::npos ? what : what.substr(at));
}

policy::Result<ManifestDocument> ReadOne(std::string_view text, size_t begin, size_t end,
                                         const std::string& file) {
  ManifestDocument document;
  document.file = file;
  try {
    document.object = json::parse(text.substr(begin, end - begin));
  } catch (const json::parse_error& problem) {
    const size_t offset = begin + (problem.byte == 0 ? 0 : problem.byte - 1);
    return policy::Error{PlaceText(file, PlaceAt(text, std::min(offset, text.size()))),
                         Reason(problem.what())};
  } catch (const json::exception& problem) {  // a number out of range
    return policy::Error{PlaceText(file, PlaceAt(text, begin)), Reason(problem.what())};
  }
  std::string key;
  if (const auto twice = Walker(text, begin, document).Walk(end, key)) {
    return policy::Error{PlaceText(file, PlaceAt(text, *twice)),
                         "the key \"" + key + "\" is there twice: keep one of them"};
  }
  return document;
}

}  // namespace

policy::Result<Documents> ReadJsonDocuments(std::string_view text, const std::string& file) {
  Documents documents;
  for (size_t begin = text.find_first_not_of(kBlank); begin != std::string_view::npos;) {
    std::optional<size_t> deep;
    const size_t end = ValueEnd(text, begin, deep);
    if (deep) {
      return policy::Error{PlaceText(file, PlaceAt(text, *deep)),
                           "is nested deeper than 256 levels"};
    }
    auto document = ReadOne(text, begin, end, file);
    if (!document.ok()) return document.error();
    documents.push_back(std::move(*document));
    begin = text.find_first_not_of(kBlank, end);
  }
  return documents;
}

}  // namespace ballast::k8s
