#include "webhook/admission/review.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using k8s::JsonView;
using policy::Error;

// JSON does not allow one; nlohmann skips it, and so does simdjson since Debian 13.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kKeptCapacity = size_t{256} << 10;

// Counts what a document would cost before one is built.
class BoundedSax {
 public:
  Error error;

  // The names and shapes are nlohmann's.
  bool null() { return Value(); }
  bool boolean(bool) { return Value(); }
  bool number_integer(int64_t) { return Value(); }
  bool number_unsigned(uint64_t) { return Value(); }
  bool number_float(double, const std::string&) { return Value(); }
  bool string(std::string&) { return Value(); }
  bool binary(nlohmann::json::binary_t&) { return Value(); }
  bool key(std::string&) { return true; }
  bool start_object(std::size_t) { return Enter(); }
  bool start_array(std::size_t) { return Enter(); }
  bool end_object() { return Leave(); }
  bool end_array() { return Leave(); }
  // The text itself is left out: it may be somebody's key.
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    error.where = "byte " + std::to_string(position);
    error.what = "is not valid JSON; send JSON in UTF-8";
    return false;
  }

 private:
  bool Value() {
    if (++values_ <= ReviewReader::kMaxValues) return true;
    error.what = "holds more than " + std::to_string(ReviewReader::kMaxValues) + " values";
    return false;
  }
  bool Enter() {
    if (++depth_ > ReviewReader::kMaxDepth) {
      error.what = "is nested deeper than " + std::to_string(ReviewReader::kMaxDepth) + " levels";
      return false;
    }
    return Value();
  }
  bool Leave() {
    --depth_;
    return true;
  }

  size_t depth_ = 0;
  size_t values_ = 0;
};

// An upper bound of the number of values in a text, at the price of one pass over it.
size_t CountSeparators(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += static_cast<size_t>(c == ',') + (c == '[') + (c == '{');
  return count;
}

BadReview Bad(std::string where, std::string what, std::string_view uid = {}) {
  return BadReview{Error{std::move(where), std::move(what)}, std::string(uid)};
}

// The members of a review's request, gathered in one pass.
struct Members {
  JsonView uid, kind, sub_resource, name, namespace_name, operation, user, object, old_object,
      dry_run;
};

Members Gather(JsonView request) {
  Members members;
  request.ForEachMember([&](std::string_view key, JsonView value) {
    if (key == "uid") members.uid = value;
    if (key == "kind") members.kind = value;
    if (key == "subResource") members.sub_resource = value;
    if (key == "name") members.name = value;
    if (key == "namespace") members.namespace_name = value;
    if (key == "operation") members.operation = value;
    if (key == "userInfo") members.user = value["username"];
    if (key == "object") members.object = value;
    if (key == "oldObject") members.old_object = value;
    if (key == "dryRun") members.dry_run = value;
  });
  return members;
}

std::variant<AdmissionRequest, BadReview> Interpret(JsonView review, std::string& api_version) {
  const auto text = [](JsonView value) { return value.string().value_or(std::string_view()); };
  if (!review.is_object()) return Bad("", "must be an AdmissionReview object");
  const JsonView request = review["request"];
  const std::string_view uid = text(request["uid"]);
  if (text(review["kind"]) != "AdmissionReview") {
    return Bad("/kind", "must be AdmissionReview", uid);
  }
  if (text(review["apiVersion"]) != "admission.k8s.io/v1") {
    return Bad("/apiVersion",
               "must be admission.k8s.io/v1; list v1 in admissionReviewVersions of the webhook "
               "configuration",
               uid);
  }
  if (!request.is_object()) return Bad("/request", "must be an object");
  if (uid.empty()) return Bad("/request/uid", "must be a text that is not empty");

  const Members members = Gather(request);
  const std::string_view group = text(members.kind["group"]);
  const std::string_view version = text(members.kind["version"]);
  const std::string_view kind = text(members.kind["kind"]);
  if (kind.empty() || version.empty()) {
    return Bad("/request/kind", "must have a group, a version and a kind", uid);
  }
  const std::string_view operation = text(members.operation);
  if (operation.empty()) return Bad("/request/operation", "must be CREATE or UPDATE", uid);
  const auto object_or_null = [](JsonView value) {
    return !value.exists() || value.is_null() || value.is_object();
  };
  if (!object_or_null(members.object)) return Bad("/request/object", "must be an object", uid);
  if (!object_or_null(members.old_object)) {
    return Bad("/request/oldObject", "must be an object", uid);
  }

  api_version.assign(group);
  if (!group.empty()) api_version += '/';
  api_version += version;
  return AdmissionRequest{.uid = uid,
                          .api_version = api_version,
                          .kind = kind,
                          .namespace_name = text(members.namespace_name),
                          .name = text(members.name),
                          .operation = operation,
                          .sub_resource = text(members.sub_resource),
                          .user = text(members.user),
                          .dry_run = members.dry_run.boolean().value_or(false),
                          .object = members.object,
                          .old_object = members.old_object};
}

}  // namespace

policy::Result<nlohmann::json> ReadBoundedJson(std::string_view text) {
  // nlohmann takes a NUL for the end of the text, the API server for a mistake.
  const size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    return Error{"byte " + std::to_string(nul + 1), "is NUL, which JSON does not allow"};
  }
  if (text.starts_with(kByteOrderMark)) {
    return Error{"byte 1", "is a byte order mark, which JSON does not allow"};
  }
  BoundedSax bounded;
  if (!nlohmann::json::sax_parse(text, &bounded)) return std::move(bounded.error);
  return k8s::ParseJson(text);
}

ReviewReader::ReviewReader() : parser_(std::make_unique<simdjson::dom::parser>()) {}
ReviewReader::~ReviewReader() = default;

std::optional<JsonView> ReviewReader::ReadFast(std::string& body) {
  if (body.starts_with(kByteOrderMark)) return std::nullopt;
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  if (parser_->capacity() < body.size() &&
      parser_->allocate(std::max(body.size(), size_t{32} << 10), kMaxDepth) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  simdjson::dom::element root;
  if (parser_->parse(body.data(), body.size(), false).get(root) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return JsonView::Of(root);
}

policy::Result<JsonView> ReviewReader::ReadSlow(std::string_view body) {
  policy::Result<nlohmann::json> document = ReadBoundedJson(body);
  if (!document) return document.error();
  document_ = std::move(*document);
  return JsonView(document_);
}

std::variant<AdmissionRequest, BadReview> ReviewReader::Read(std::string& body) {
  Release();
  if (body.size() > kKeptCapacity && CountSeparators(body) > kMaxValues) {
    return Bad("", "holds more than " + std::to_string(kMaxValues) + " values");
  }
  if (const std::optional<JsonView> fast = ReadFast(body)) return Interpret(*fast, api_version_);
  const policy::Result<JsonView> slow = ReadSlow(body);
  if (!slow) return BadReview{slow.error(), ""};
  return Interpret(*slow, api_version_);
}

void ReviewReader::Release() {
  if (parser_->capacity() > kKeptCapacity) *parser_ = simdjson::dom::parser();
  if (!document_.is_null()) document_ = nullptr;
}

AdmissionAnswer RefuseBadReview(const BadReview& bad) {
  AdmissionAnswer answer;
  answer.uid = bad.uid;
  answer.allowed = false;
  answer.code = 400;
  answer.message = "ballast: the AdmissionReview could not be read: ";
  if (!bad.error.where.empty()) answer.message += bad.error.where + ": ";
  answer.message += bad.error.what;
  return answer;
}

}  // namespace ballast::webhook
