#include "policy/policy_fields.h"

namespace ballast::policy {
namespace {

template <typename T>
bool Says(const std::optional<T>& value) {
  return value.has_value();
}
bool Says(int64_t priority) { return priority != 0; }
bool Says(const LabelSelector& selector) { return !selector.empty(); }
template <typename T>
bool Says(const std::map<std::string, T, std::less<>>& rows) {
  return !rows.empty();
}

}  // namespace

const PolicyField* FindPolicyField(std::string_view path) {
  for (const PolicyField& field : PolicyFields()) {
    if (field.path == path) return &field;
  }
  return nullptr;
}

bool IsSet(const PolicyField& field, const Policy& policy) {
  return std::visit([&](const auto& access) { return Says(access.in(policy)); }, field.access);
}

void CopyField(const PolicyField& field, const Policy& from, Policy& to) {
  std::visit([&](const auto& access) { access.of(to) = access.in(from); }, field.access);
}

}  // namespace ballast::policy
