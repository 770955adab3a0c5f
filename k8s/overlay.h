// An object with a few members changed, as a patch leaves it, without a copy of the object: what is
// not named here shows through. A JsonView with one of these over it reads like the patched object.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::k8s {

class JsonView;
struct PatchOperation;

class Overlay {
 public:
  struct Member;

  // Lays one operation over what `object` with this over it shows, as RFC 6902 says for members of
  // objects; false where it does not apply. Views into the operation are kept.
  bool Apply(const JsonView& object, const PatchOperation& operation);

  // nullptr: the member is as it was.
  const Member* Find(std::string_view key) const;
  const std::vector<Member>& members() const { return members_; }

 private:
  Member* Find(std::string_view key);
  Member& Add(std::string_view token);

  std::vector<Member> members_;  // few, so they are searched one by one
};

struct Overlay::Member {
  enum class Kind {
    kPart,   // an object of which some members changed
    kMade,   // an object that was put there, with nothing under it
    kValue,  // another value that was put there
    kGone,
  };

  std::string_view key() const { return unescaped.empty() ? token : unescaped; }

  std::string_view token;  // of the path
  std::string unescaped;   // where the token is escaped
  Kind kind = Kind::kPart;
  bool was_there = false;  // in the object under this
  const nlohmann::json* value = nullptr;
  Overlay part;  // of kPart and kMade
};

}  // namespace ballast::k8s
