// A catalog, three peers and three contents, and its rows as texts.
#pragma once

#include "daemon/tracker/catalog.hpp"
#include "tests/unit/tracker_fixture.hpp"

#include <algorithm>

namespace p2pd::tracker {

class CatalogTest : public testing::Test {
 protected:
  // Rows as "name id sources/partial publishers", the id in two digits.
  static std::string text(const CatalogEntry& row) {
    std::string out = row.name.bytes + ' ' + to_text(row.content).substr(0, 2) + ' ' +
                      std::to_string(row.sources) + '/' + std::to_string(row.partial);
    std::vector<std::string> names;
    for (const proto::Publisher& publisher : row.publishers) names.push_back(publisher.name);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) out += ' ' + name;
    return out;
  }
  static std::vector<std::string> texts(const std::vector<CatalogEntry>& rows) {
    std::vector<std::string> out;
    for (const CatalogEntry& row : rows) out.push_back(text(row));
    return out;
  }
  using Rows = std::vector<std::string>;
  Rows all(std::string_view pattern = "") const {
    return texts(catalog.list(pattern, "", 1000).rows);
  }
  Rows names(std::string_view pattern) const {
    Rows out;
    for (const CatalogEntry& row : catalog.list(pattern, "", 1000).rows)
      out.push_back(row.name.bytes);
    return out;
  }
  Rows find(std::string_view word, std::size_t limit = 100) const {
    return texts(catalog.find(word, limit));
  }
  template <class Act>
  static std::string refusal(Act&& act) {
    try {
      act();
      return "";
    } catch (const proto::Error& error) {
      return error.what();
    }
  }
  static std::string whole_text(const ContentId& id) { return to_text(id); }

  const PeerId p1 = peer(1), p2 = peer(2), p3 = peer(3);
  const ContentId aa = content("aa"), ab = content("ab"), bb = content("bb");
  Catalog catalog{[](const PeerId& id) {
    return proto::Publisher{id, "p" + std::to_string(id.bytes[0]), "192.0.2.1:7440"};
  }};
};

} // namespace p2pd::tracker
