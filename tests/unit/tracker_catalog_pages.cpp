#include "tests/unit/tracker_catalog.hpp"

#include <set>

namespace p2pd::tracker {
namespace {

TEST_F(CatalogTest, FiltersByGlobOrPartOfTheName) {
  for (const char* name : {"debian.iso", "ubuntu.iso", ".hidden", "notes [1].txt", "x"})
    catalog.publish(p1, publication(content(proto::hex(proto::view(name).first(1)) + "0"), name));
  EXPECT_EQ(names("*.iso"), (Rows{"debian.iso", "ubuntu.iso"}));
  EXPECT_EQ(names("*"), (Rows{".hidden", "debian.iso", "notes [1].txt", "ubuntu.iso", "x"}));
  EXPECT_EQ(names("?"), Rows{"x"});
  EXPECT_EQ(names("[du]*"), (Rows{"debian.iso", "ubuntu.iso"}));
  EXPECT_EQ(names("bunt"), Rows{"ubuntu.iso"});
  EXPECT_EQ(names(".iso"), (Rows{"debian.iso", "ubuntu.iso"}));
  EXPECT_EQ(names("*\\[1\\]*"), Rows{"notes [1].txt"});
  EXPECT_TRUE(names("[").empty());
  EXPECT_TRUE(names("nothing").empty());
}

// Row by row or all at once, it is the same list.
TEST_F(CatalogTest, IsReadPageByPage) {
  for (int i = 0; i < 50; ++i) {
    const ContentId id = content(std::to_string(10 + i));
    catalog.publish(p1, publication(id, "name" + std::to_string(i % 7)));
    catalog.publish(p2, publication(id, "name" + std::to_string(i % 3)));
  }
  const Rows whole = all();
  EXPECT_GT(whole.size(), 80U);
  for (const std::size_t limit : {1, 2, 7, 64, 1000}) {
    Rows read;
    std::string cursor;
    do {
      const Catalog::Page page = catalog.list("", cursor, limit);
      EXPECT_LE(page.rows.size(), limit);
      EXPECT_LE(page.next.size(), decltype(proto::ListFiles::cursor)::max);
      const Rows some = texts(page.rows);
      read.insert(read.end(), some.begin(), some.end());
      cursor = page.next;
    } while (!cursor.empty());
    EXPECT_EQ(read, whole) << limit;
  }
  EXPECT_EQ(catalog.list("", "", whole.size()).next, ""); // no empty page at the end
}

// Rows come and go between the pages, the one at the cursor among them: what stays is read once.
TEST_F(CatalogTest, IsReadPageByPageWhileItChanges) {
  const auto name = [](int i) { return "n" + std::to_string(100 + i); };
  const auto id = [](int i) {
    return content(proto::hex(proto::view("ab")) + std::to_string(100 + i));
  };
  for (int i = 0; i < 60; i += 2) catalog.publish(p1, publication(id(i), name(i)));
  Rows read;
  std::string cursor;
  int page_number = 0;
  do {
    const Catalog::Page page = catalog.list("", cursor, 5);
    for (const CatalogEntry& row : page.rows) read.push_back(row.name.bytes);
    cursor = page.next;
    if (page.rows.empty()) break;
    const int last = std::stoi(page.rows.back().name.bytes.substr(1)) - 100;
    catalog.unpublish(p1, id(last)); // at the cursor
    catalog.publish(p2, publication(id(2 * page_number + 1), name(2 * page_number + 1))); // before
    ++page_number;
  } while (!cursor.empty());
  for (int i = 0; i < 60; i += 2) EXPECT_EQ(std::count(read.begin(), read.end(), name(i)), 1) << i;
  EXPECT_TRUE(std::is_sorted(read.begin(), read.end()));
}

TEST_F(CatalogTest, RefusesACursorThatItDidNotGive) {
  catalog.publish(p1, publication(aa, "file"));
  for (const std::string& cursor : {std::string("file"), std::string("file\0short", 10),
                                    std::string(100, 'x'), std::string("\0", 1)})
    EXPECT_EQ(refusal([&] { catalog.list("", cursor, 10); }), "a malformed cursor");
}

// However little matches, others wait no longer for it.
TEST_F(CatalogTest, APageEndsWhereEnoughWasDone) {
  for (int i = 0; i < 500; ++i) {
    const std::string number = std::to_string(1000 + i);
    catalog.publish(p1, publication(content(number), "name-" + number));
  }
  const auto read = [&](std::string_view pattern, std::size_t work) {
    Rows rows;
    std::string cursor;
    int pages = 0;
    do {
      const Catalog::Page page = catalog.list(pattern, cursor, 1000, work);
      for (const CatalogEntry& row : page.rows) rows.push_back(row.name.bytes);
      cursor = page.next;
      ++pages;
    } while (!cursor.empty() && pages < 1000);
    return std::pair(rows, pages);
  };
  EXPECT_EQ(read("*-1400", 100), std::pair(Rows{"name-1400"}, 10)) << "2 for each name";
  EXPECT_EQ(read("name-1400*", 100), std::pair(Rows{"name-1400"}, 1)) << "no other may match";
  EXPECT_EQ(read("nothing", 1).first, Rows());
  EXPECT_EQ(read("", 7).first.size(), 500U);
}

TEST_F(CatalogTest, WhatOneOfManySharesIsReadPageByPage) {
  for (int i = 0; i < 6000; ++i) {
    const std::string number = std::to_string(10'000 + i);
    catalog.publish(i % 2 == 0 ? p1 : p2, publication(content(number), "name-" + number));
  }
  std::set<std::string> read;
  std::string cursor;
  int pages = 0;
  do {
    const proto::Shared page = catalog.shared_by(p1, cursor, 200);
    EXPECT_LE(page.files.size(), 200U);
    for (const auto& file : page.files) EXPECT_TRUE(read.insert(file.name.bytes).second);
    cursor = page.next;
    ++pages;
  } while (!cursor.empty() && pages < 100);
  EXPECT_EQ(read.size(), 3000U);
}

} // namespace
} // namespace p2pd::tracker
