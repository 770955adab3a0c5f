#include "k8s/overlay.h"

#include <algorithm>
#include <utility>

#include "k8s/json_view.h"
#include "k8s/kinds/kind.h"
#include "k8s/patch.h"

namespace ballast::k8s {
namespace {

// Takes the first token off a pointer that begins with '/'.
std::string_view TakeToken(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::string_view token = pointer.substr(0, pointer.find('/'));
  pointer.remove_prefix(token.size());
  return token;
}

}  // namespace

const Overlay::Member* Overlay::Find(std::string_view key) const {
  const auto found = std::ranges::find(members_, key, &Member::key);
  return found == members_.end() ? nullptr : &*found;
}

Overlay::Member* Overlay::Find(std::string_view key) {
  return const_cast<Member*>(std::as_const(*this).Find(key));
}

Overlay::Member& Overlay::Add(std::string_view token) {
  Member& member = members_.emplace_back();
  member.token = token;
  if (token.find('~') != std::string_view::npos) member.unescaped = UnescapeToken(token);
  return member;
}

bool Overlay::Apply(const JsonView& object, const PatchOperation& operation) {
  Overlay* at = this;
  JsonView under = object;  // what shows through; nothing where all was put there
  std::string_view rest = operation.path;
  while (true) {
    const std::string_view token = TakeToken(rest);
    Member* member =
        at->Find(token.find('~') == std::string_view::npos ? token : UnescapeToken(token));
    if (member == nullptr) {
      member = &at->Add(token);
      under = under[member->key()];
      member->was_there = under.exists();
      member->kind = member->was_there ? Member::Kind::kPart : Member::Kind::kGone;
    } else {
      under = member->kind == Member::Kind::kPart ? under[member->key()] : JsonView();
    }
    if (!rest.empty()) {
      const bool is_object = member->kind == Member::Kind::kMade ||
                             (member->kind == Member::Kind::kPart && under.is_object());
      if (!is_object) return false;
      at = &member->part;
      continue;
    }
    if (operation.op != "add" && member->kind == Member::Kind::kGone) return false;
    member->part = Overlay();
    member->value = &operation.value;
    member->kind = operation.op == "remove"      ? Member::Kind::kGone
                   : operation.value.is_object() ? Member::Kind::kMade
                                                 : Member::Kind::kValue;
    if (member->kind != Member::Kind::kMade) return true;
    for (auto it = operation.value.begin(); it != operation.value.end(); ++it) {
      Member& made = member->part.members_.emplace_back();
      made.token = it.key();
      made.kind = Member::Kind::kValue;
      made.value = &it.value();
    }
    return true;
  }
}

}  // namespace ballast::k8s
