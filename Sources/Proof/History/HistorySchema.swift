import GRDB

/// The tables of the history, and the migrations from earlier versions.
package enum HistorySchema {
  package static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            date REAL NOT NULL,         -- seconds since 1970
            notebook TEXT NOT NULL,
            seconds REAL NOT NULL,
            exit INTEGER NOT NULL,
            lock TEXT,
            parameters TEXT NOT NULL    -- JSON
          );
          CREATE INDEX run_by_notebook ON run(notebook, id);
          CREATE TABLE cell (
            run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            key TEXT,
            seconds REAL,
            PRIMARY KEY (run, position)
          ) WITHOUT ROWID;
          CREATE TABLE metric (
            run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            value REAL,                 -- NULL is no number
            unit TEXT,
            better TEXT,
            format TEXT NOT NULL,       -- JSON
            PRIMARY KEY (run, position)
          ) WITHOUT ROWID;
          """)
    }
    return migrator
  }()
}
