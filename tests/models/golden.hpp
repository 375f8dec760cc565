/// A run held against a file: the first column to the letter, the others within what each may stray.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>
#include <sstream>
#include <string>

namespace golden {

template <class Out>
struct Column {
  const char* name;
  double Out::*member;
  double tolerance;
};

template <class Out, std::size_t N>
std::string header(const char* first, const Column<Out> (&columns)[N]) {
  std::string text = first;
  for (const auto& column : columns) text += std::string(",") + column.name;
  return text + "\n";
}

template <class Out, std::size_t N>
std::string row(const char* first, const Out& out, const Column<Out> (&columns)[N]) {
  std::string text = first;
  for (const auto& column : columns) {
    char number[40];
    std::snprintf(number, sizeof number, ",%.9g", out.*column.member);
    text += number;
  }
  return text + "\n";
}

template <class Out, std::size_t N>
void expect_same_row(const std::string& wanted, const std::string& got, const Column<Out> (&columns)[N]) {
  std::istringstream a(wanted), b(got);
  std::string x, y;
  ASSERT_TRUE(std::getline(a, x, ',') && std::getline(b, y, ','));
  ASSERT_EQ(x, y);
  const std::string at = x;
  for (const auto& column : columns) {
    ASSERT_TRUE(std::getline(a, x, ',') && std::getline(b, y, ','));
    ASSERT_NEAR(std::stod(x), std::stod(y), column.tolerance) << column.name << " at " << at;
  }
}

/// With SIM_RENEW_GOLDEN set the file is written instead.
template <class Out, std::size_t N>
void expect_same(const char* path, const std::string& now, int rows, const Column<Out> (&columns)[N]) {
  if (std::getenv("SIM_RENEW_GOLDEN") != nullptr) {
    std::ofstream(path) << now;
    GTEST_SKIP() << "renewed " << path;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file.good()) << path;
  std::istringstream fresh(now);
  std::string wanted, got;
  std::getline(file, wanted);
  std::getline(fresh, got);
  ASSERT_EQ(wanted, got);
  int seen = 0;
  for (; std::getline(file, wanted) && std::getline(fresh, got); ++seen)
    ASSERT_NO_FATAL_FAILURE(expect_same_row(wanted, got, columns));
  EXPECT_EQ(seen, rows);
}

}  // namespace golden
