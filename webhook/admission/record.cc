#include "webhook/admission/record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "k8s/patch.h"
#include "webhook/admission/review.h"
#include "webhook/text/append_json.h"

namespace ballast::webhook {
namespace {

// A rewrite changes some tens of paths. What is beyond these bounds is none of ours, and looking
// its paths up would cost time out of proportion to its size.
constexpr size_t kMaxRecordBytes = 256 << 10;
constexpr size_t kMaxRecordedPaths = 1000;

using nlohmann::json;
using policy::Error;

// A container that Ballast made counts for itself, so that it goes when all in it went.
void AddPaths(std::vector<RecordedPath>& paths, const std::string& path, std::optional<json> was,
              const json& now) {
  if (was || !now.is_object()) {
    paths.push_back({path, std::move(was), now});
    return;
  }
  paths.push_back({path, std::nullopt, json::object()});
  for (const auto& [key, value] : now.items()) {
    std::string member = path;
    k8s::AppendToken(member, key);
    AddPaths(paths, member, std::nullopt, value);
  }
}

std::string HexOf(uint64_t number) {
  std::string text(16, '0');
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  const auto count = static_cast<size_t>(end - digits.data());
  return text.replace(16 - count, count, digits.data(), count);
}

std::optional<uint64_t> ParseHex(const json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr || text->size() != 16) return std::nullopt;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + 16, number, 16);
  if (error != std::errc() || end != text->data() + 16 || HexOf(number) != *text) {
    return std::nullopt;
  }
  return number;
}

policy::Result<RecordedPath> ParsePath(const std::string& path, const json& value) {
  if (!path.starts_with('/')) return Error{path, "is no JSON pointer"};
  if (!value.is_object() || value.empty()) return Error{path, "must have \"was\" or \"now\""};
  RecordedPath recorded{path, std::nullopt, std::nullopt};
  for (const auto& [key, side] : value.items()) {
    if (key != "was" && key != "now") return Error{path, "must have \"was\" and \"now\" alone"};
    (key == "was" ? recorded.was : recorded.now) = side;
  }
  return recorded;
}

}  // namespace

Record MakeRecord(k8s::JsonView object, const k8s::Patch& patch, uint64_t asked) {
  Record record{asked, {}};
  for (const k8s::PatchOperation& operation : patch) {
    const k8s::JsonView at = object.At(operation.path);
    std::optional<json> was;
    if (at.exists()) was = at.Copy();
    if (operation.op == "remove") {
      record.paths.push_back({operation.path, std::move(was), std::nullopt});
    } else {
      AddPaths(record.paths, operation.path, std::move(was), operation.value);
    }
  }
  std::sort(record.paths.begin(), record.paths.end(),
            [](const RecordedPath& a, const RecordedPath& b) { return a.path < b.path; });
  return record;
}

std::string PrintRecord(const Record& record) {
  std::string out;
  out.reserve(64 + 128 * record.paths.size());
  out += R"({"v":1,"asked":")";
  out += HexOf(record.asked);
  out += R"(","paths":{)";
  for (const RecordedPath& path : record.paths) {
    if (&path != &record.paths.front()) out += ',';
    AppendJsonString(out, path.path);
    out += ":{";
    if (path.was) {
      out += R"("was":)";
      AppendJson(out, *path.was);
      if (path.now) out += ',';
    }
    if (path.now) {
      out += R"("now":)";
      AppendJson(out, *path.now);
    }
    out += '}';
  }
  out += "}}";
  return out;
}

policy::Result<Record> ParseRecord(std::string_view text) {
  if (text.size() > kMaxRecordBytes) return Error{"", "is longer than any record of Ballast's"};
  const policy::Result<json> read = ReadBoundedJson(text);
  if (!read) return read.error();
  const json& root = *read;
  if (!root.is_object() || root.size() != 3 || root.value("v", json()) != 1) {
    return Error{"/v", "is no record of this version"};
  }
  const auto asked = root.find("asked");
  const std::optional<uint64_t> digest = asked == root.end() ? std::nullopt : ParseHex(*asked);
  if (!digest) return Error{"/asked", "must be 16 hexadecimal digits"};
  const auto paths = root.find("paths");
  if (paths == root.end() || !paths->is_object() || paths->empty()) {
    return Error{"/paths", "must name at least one path"};
  }
  if (paths->size() > kMaxRecordedPaths) {
    return Error{"/paths", "names more paths than Ballast ever changes"};
  }
  Record record{*digest, {}};
  for (const auto& [path, value] : paths->items()) {
    policy::Result<RecordedPath> recorded = ParsePath(path, value);
    if (!recorded) return recorded.error();
    record.paths.push_back(std::move(*recorded));
  }
  return record;
}

}  // namespace ballast::webhook
