#!/bin/sh
# Writes migrations/schema.sql from the migrations, on a Postgres of its own. A test fails where the two differ.
UPDATE_SCHEMA=1 exec node node_modules/jest/bin/jest.js --selectProjects=integration --testPathPatterns=test/integration/schema
